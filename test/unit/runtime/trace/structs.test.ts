import { describe, expect, it } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { paramTypes } from '../../../../src/abi/param-types.js';
import { RIGHTS_ALL, Rights } from '../../../../src/abi/rights.js';
import * as structs from '../../../../src/abi/structs.js';
import { formatStruct } from '../../../../src/runtime/trace/structs.js';
import { guestMemory, put } from './guest.js';

const AT = 256;

describe('structs in a trace', () => {
  const described = Object.entries(paramTypes).flatMap(([name, type]) =>
    'struct' in type ? [{ name, layout: type.struct }] : [],
  );

  it.each(described)('$name has a text of its own', ({ layout }) => {
    expect(formatStruct(layout, guestMemory(), AT)).toMatch(/\S/);
  });

  it.each(described)('$name out of memory fails with FAULT', ({ layout }) => {
    expect(() => formatStruct(layout, guestMemory(), 65536)).toThrow(
      expect.objectContaining({ errno: Errno.FAULT }),
    );
  });

  it('fdstat: type, flags and rights by name', () => {
    const memory = guestMemory();
    memory.setU8(AT, 4);
    memory.setU16(AT + 2, 5);
    memory.setU64(AT + 8, Rights.FD_READ);
    memory.setU64(AT + 16, RIGHTS_ALL);
    expect(formatStruct(structs.fdstat, memory, AT)).toBe(
      '{filetype=REGULAR_FILE, flags=APPEND|NONBLOCK, rights_base=FD_READ, rights_inheriting=ALL}',
    );
  });

  it('filestat: both layouts read their own link count and size', () => {
    const memory = guestMemory();
    memory.setU8(AT + 16, 3);
    memory.setU32(AT + 20, 7);
    memory.setU64(AT + 24, 5n);
    memory.setU64(AT + 32, 9n);
    expect(formatStruct(structs.filestat, memory, AT)).toBe(
      '{dev=0, ino=0, filetype=DIRECTORY, nlink=5, size=9, atim=0, mtim=0, ctim=0}',
    );
    expect(formatStruct(structs.filestatSnapshot0, memory, AT)).toBe(
      '{dev=0, ino=0, filetype=DIRECTORY, nlink=7, size=5, atim=9, mtim=0, ctim=0}',
    );
  });

  it('subscription: the member its tag names', () => {
    const memory = guestMemory();
    memory.setU64(AT, 0x1000n);
    memory.setU32(AT + 16, 1);
    memory.setU64(AT + 24, 1_000_000n);
    memory.setU16(AT + 40, 1);
    expect(formatStruct(structs.subscription, memory, AT)).toBe(
      '{userdata=0x1000, tag=CLOCK, clock_id=MONOTONIC, timeout=1000000, precision=0, clock_flags=ABSTIME}',
    );
    memory.setU8(AT + 8, 1);
    memory.setU32(AT + 16, 5);
    expect(formatStruct(structs.subscription, memory, AT)).toBe('{userdata=0x1000, tag=FD_READ, fd=5}');
  });

  it('event: error and kind by name', () => {
    const memory = guestMemory();
    memory.setU16(AT + 8, Errno.BADF);
    memory.setU8(AT + 10, 2);
    memory.setU64(AT + 16, 8192n);
    memory.setU16(AT + 24, 1);
    expect(formatStruct(structs.event, memory, AT)).toBe(
      '{userdata=0x0, error=BADF, type=FD_WRITE, nbytes=8192, flags=HANGUP}',
    );
  });

  it.each([
    [0, '{tag=NOTHING}'],
    [1, '{tag=EXIT_NORMAL, code=9}'],
    [2, '{tag=EXIT_SIGNAL, code=9, signal=SIGKILL}'],
    [3, '{tag=STOPPED, signal=SIGKILL}'],
    [9, '{tag=9}'],
  ])('join_status with tag %i', (tag, text) => {
    const memory = guestMemory();
    memory.setU8(AT, tag);
    memory.setU16(AT + 2, 9);
    memory.setU8(AT + 4, 9);
    expect(formatStruct(structs.joinStatus, memory, AT)).toBe(text);
  });

  it('options: the value or NONE', () => {
    const memory = guestMemory();
    memory.setU64(AT + 8, 1500n);
    expect(formatStruct(structs.optionTimestamp, memory, AT)).toBe('NONE');
    memory.setU8(AT, 1);
    expect(formatStruct(structs.optionTimestamp, memory, AT)).toBe('1500');
  });

  it('descriptor operations of a spawn: what each one uses, with its path', () => {
    const memory = guestMemory();
    const [path, length] = put(memory, 1024, '/tmp/out');
    memory.setU32(AT + 4, 1);
    memory.setU32(AT + 8, 7);
    memory.setU32(AT + 12, path);
    memory.setU32(AT + 16, length);
    memory.setU16(AT + 24, 1);
    memory.setU64(AT + 32, Rights.FD_WRITE);
    const formatted = [0, 1, 2, 3, 4, 99].map((cmd) => {
      memory.setU8(AT, cmd);
      return formatStruct(structs.spawnFdOp, memory, AT);
    });
    expect(formatted).toEqual([
      '{cmd=CLOSE, fd=1}',
      '{cmd=DUP2, fd=1, src_fd=7}',
      '{cmd=OPEN, fd=1, path="/tmp/out", dirflags=0, oflags=CREAT, rights_base=FD_WRITE, rights_inheriting=0, fdflags=0, fdflagsext=0}',
      '{cmd=CHDIR, path="/tmp/out"}',
      '{cmd=FCHDIR, fd=1}',
      '{cmd=99}',
    ]);
  });
});

describe('network addresses in a trace', () => {
  const octets = (family: number, bytes: readonly number[], port = 0) => {
    const memory = guestMemory();
    memory.setU8(AT, family);
    memory.setU16(AT + 2, port);
    memory.write(AT + 4, Uint8Array.from(bytes));
    return formatStruct(structs.addrPort, memory, AT);
  };

  it('of each family are in the usual notation', () => {
    expect(octets(1, [127, 0, 0, 1], 80)).toBe('127.0.0.1:80');
    expect(octets(2, [...Array<number>(15).fill(0), 1], 8080)).toBe('[::1]:8080');
    expect(octets(2, [0x20, 1, 0x0d, 0xb8, ...Array<number>(10).fill(0), 0, 5], 1)).toBe('[2001:db8::5]:1');
    expect(octets(2, Array<number>(16).fill(0))).toBe('[::]:0');
    expect(octets(0, [])).toBe('UNSPEC');
    expect(octets(77, [])).toBe('77');
  });

  it('of IPv4 and IPv6 need no more memory than their 20 bytes', () => {
    const memory = guestMemory();
    memory.setU8(65536 - 20, 1);
    expect(formatStruct(structs.addrPort, memory, 65536 - 20)).toBe('0.0.0.0:0');
  });

  it('of UNIX sockets end at the NUL', () => {
    const memory = guestMemory();
    memory.setU8(AT, 3);
    put(memory, AT + 2, '/tmp/s\0rest');
    expect(formatStruct(structs.addrPort, memory, AT)).toBe('"/tmp/s"');
  });

  it('without a port, with a prefix length, and of hardware', () => {
    const memory = guestMemory();
    memory.setU8(AT, 1);
    memory.write(AT + 2, Uint8Array.of(10, 0, 0, 0, 8));
    expect(formatStruct(structs.addrIp, memory, AT)).toBe('10.0.0.0');
    expect(formatStruct(structs.cidr, memory, AT)).toBe('10.0.0.0/8');
    expect(formatStruct(structs.hardwareAddress, memory, AT)).toBe('01:00:0a:00:00:00');
  });
});
