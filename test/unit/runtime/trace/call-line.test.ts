import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallDescription, wasmType } from '../../../../src/abi/call.js';
import { Errno } from '../../../../src/abi/errno.js';
import { allCalls } from '../../../../src/abi/namespaces.js';
import { RIGHTS_ALL, Rights } from '../../../../src/abi/rights.js';
import { formatCall, formatTraceLine } from '../../../../src/runtime/trace/call-line.js';
import { guestMemory, put, putIovecs } from './guest.js';

const calls = allCalls();

describe('the trace line of a call', () => {
  it('names flags and rights, quotes the path and shows the new descriptor', () => {
    const memory = guestMemory();
    const path = put(memory, 64, 'a.txt');
    memory.setU32(128, 5);
    const args = [3, 1, ...path, 9, Rights.FD_READ | Rights.FD_WRITE, RIGHTS_ALL, 0, 128];
    expect(formatCall(calls.path_open, args, 0, memory)).toBe(
      'path_open(fd=3, lookup=SYMLINK_FOLLOW, path="a.txt", oflags=CREAT|TRUNC, rights_base=FD_READ|FD_WRITE, rights_inheriting=ALL, fdflags=0, opened=5) = SUCCESS',
    );
  });

  it('shows what is written', () => {
    const memory = guestMemory();
    const buffers = [put(memory, 64, 'hello\n'), put(memory, 128, 'world'), [0, 0] as const];
    memory.setU32(512, 6);
    expect(formatCall(calls.fd_write, [1, ...putIovecs(memory, 256, buffers), 512], 0, memory)).toBe(
      'fd_write(fd=1, iovs=["hello\\n", "world", ""], nwritten=6) = SUCCESS',
    );
  });

  it('shows what was read, and of the buffers no more than that', () => {
    const memory = guestMemory();
    put(memory, 64, 'abcdefgh');
    put(memory, 128, 'ijklmnop');
    const iovs = putIovecs(memory, 256, [
      [64, 8],
      [128, 8],
      [128, 8],
    ]);
    const read = (count: number) => {
      memory.setU32(512, count);
      return formatCall(calls.fd_read, [0, ...iovs, 512], 0, memory);
    };
    expect(read(11)).toBe('fd_read(fd=0, iovs=["abcdefgh", "ijk"], nread=11) = SUCCESS');
    expect(read(0)).toBe('fd_read(fd=0, iovs=[], nread=0) = SUCCESS');
  });

  it('leaves outputs out when the call failed', () => {
    const memory = guestMemory();
    const args = [99, ...putIovecs(memory, 256, [[64, 8]]), 512];
    expect(formatCall(calls.fd_read, args, Errno.BADF, memory)).toBe('fd_read(fd=99) = BADF');
  });

  it('shows the output address that made a call fail', () => {
    const memory = guestMemory();
    expect(formatCall(calls.clock_time_get, [1, 0n, -4], Errno.FAULT, memory)).toBe(
      'clock_time_get(id=MONOTONIC, precision=0, time=0xfffffffc (out of memory)) = FAULT',
    );
    expect(formatCall(calls.random_get, [65530, 7], Errno.FAULT, memory)).toBe(
      'random_get(buf=0xfffa (out of memory)) = FAULT',
    );
  });

  it('shows input addresses that lie or lead out of memory', () => {
    const memory = guestMemory();
    expect(formatCall(calls.path_unlink_file, [3, 65530, 7], Errno.FAULT, memory)).toBe(
      'path_unlink_file(fd=3, path=0xfffa (out of memory)) = FAULT',
    );
    const iovs = putIovecs(memory, 256, [[-1, 8]]);
    expect(formatCall(calls.fd_write, [1, ...iovs, 512], Errno.FAULT, memory)).toBe(
      'fd_write(fd=1, iovs=0x100 (out of memory)) = FAULT',
    );
  });

  it('cuts lists at eight elements', () => {
    const memory = guestMemory();
    const buffers = Array.from({ length: 9 }, () => put(memory, 64, 'x'));
    const line = formatCall(calls.fd_write, [1, ...putIovecs(memory, 256, buffers), 512], 0, memory);
    expect(line).toContain(`iovs=[${Array(8).fill('"x"').join(', ')}, …]`);
  });

  it('reads as many subscriptions as a later parameter says, and as many events as came', () => {
    const memory = guestMemory();
    memory.setU32(256 + 16, 1);
    memory.setU64(256 + 24, 1000n);
    memory.setU8(256 + 48 + 8, 1);
    memory.setU32(2048, 1);
    expect(formatCall(calls.poll_oneoff, [256, 1024, 2, 2048], 0, memory)).toBe(
      'poll_oneoff(in=[{userdata=0x0, tag=CLOCK, clock_id=MONOTONIC, timeout=1000, precision=0, clock_flags=0}, ' +
        '{userdata=0x0, tag=FD_READ, fd=0}], ' +
        'out=[{userdata=0x0, error=SUCCESS, type=CLOCK, nbytes=0, flags=0}], n=2, nevents=1) = SUCCESS',
    );
  });

  it('counts each output buffer by its own size', () => {
    const memory = guestMemory();
    put(memory, 64, 'data');
    put(memory, 128, 'ctrl');
    memory.setU32(512, 2);
    memory.setU32(520, 3);
    const args = [4, ...putIovecs(memory, 256, [[64, 4]]), 0, 768, 128, 4, 512, 516, 520];
    expect(formatCall(calls.sock_recv_msg, args, 0, memory)).toBe(
      'sock_recv_msg(fd=4, iovs=["da"], flags=0, addr=UNSPEC, control="ctr", nread=2, roflags=0, control_used=3) = SUCCESS',
    );
  });

  it('shows the directory of getcwd, and the size it needs when it failed', () => {
    const memory = guestMemory();
    put(memory, 64, '/home');
    memory.setU32(128, 5);
    expect(formatCall(calls.getcwd, [64, 128], 0, memory)).toBe('getcwd(buf="/home", len=5) = SUCCESS');
    expect(formatCall(calls.getcwd, [64, 128], Errno.OVERFLOW, memory)).toBe('getcwd(len=5) = OVERFLOW');
  });

  it('shows the error text of dlsym when it failed', () => {
    const memory = guestMemory();
    put(memory, 64, 'no such symbol\0garbage');
    const args = [1, ...put(memory, 256, 'f'), 64, 128, 512];
    expect(formatCall(calls.dlsym, args, Errno.NOENT, memory)).toBe(
      'dlsym(handle=1, symbol="f", error="no such symbol") = NOENT',
    );
    expect(formatCall(calls.dlsym, args, 0, memory)).toBe('dlsym(handle=1, symbol="f", address=0) = SUCCESS');
  });

  it('shows lists of C strings', () => {
    const memory = guestMemory();
    put(memory, 64, 'sh\0-c\0');
    memory.setU32(256, 64);
    memory.setU32(260, 67);
    const args = [...put(memory, 128, 'sh'), 256, 2, 0, 0, 1, 0, 0];
    expect(formatCall(calls.proc_exec4, args, undefined, memory)).toBe(
      'proc_exec4(name="sh", argv=["sh", "-c"], envp=[], search_path=1, path="") = ?',
    );
  });

  it('shows signed numbers, signals and absent structs for what they are', () => {
    const memory = guestMemory();
    memory.setU64(64, 4n);
    expect(formatCall(calls.fd_seek, [-1, -6n, 1, 64], 0, memory)).toBe(
      'fd_seek(fd=-1, delta=-6, whence=CUR, newpos=4) = SUCCESS',
    );
    expect(formatCall(calls.proc_raise, [6], 0, memory)).toBe('proc_raise(signal=SIGABRT) = SUCCESS');
    expect(formatCall(calls.proc_signal, [2, 0], Errno.SRCH, memory)).toBe(
      'proc_signal(pid=2, signal=0) = SRCH',
    );
    expect(formatCall(calls.epoll_ctl, [4, 2, 5, 0], 0, memory)).toBe(
      'epoll_ctl(epfd=4, op=DEL, fd=5, event=0x0) = SUCCESS',
    );
    expect(formatCall(calls.sock_status, [4, 64], 0, memory)).toBe('sock_status(fd=4, status=4) = SUCCESS');
  });

  it('ends by the kind of result', () => {
    const memory = guestMemory();
    const name = put(memory, 64, '__wasm_signal');
    expect(formatCall(calls.proc_exit, [3], undefined, memory)).toBe('proc_exit(code=3) = ?');
    expect(formatCall(calls.fd_close, [3], undefined, memory)).toBe('fd_close(fd=3) = ?');
    expect(formatCall(calls.callback_signal, name, undefined, memory)).toBe(
      'callback_signal(name="__wasm_signal")',
    );
    expect(formatCall(calls['thread-spawn'], [0x10a0], 2, memory)).toBe('thread-spawn(start=0x10a0) = 2');
    expect(formatCall(calls['thread-spawn'], [0x10a0], -Errno.AGAIN, memory)).toBe(
      'thread-spawn(start=0x10a0) = -AGAIN',
    );
    expect(formatCall(calls.sched_yield, [], 123, memory)).toBe('sched_yield() = errno 123');
  });

  it('is one line of its own for any call, arguments, result and memory', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.integer({ min: 0, max: 70_000 }),
      fc.integer({ min: 65_400, max: 65_540 }),
      fc.integer({ min: -8, max: 64 }),
    );
    const invocation = fc.constantFrom<CallDescription>(...Object.values(calls)).chain((call) =>
      fc.record({
        call: fc.constant(call),
        args: fc.tuple(
          ...wasmType(call).params.map((type) =>
            type === 'i64' ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) : value,
          ),
        ),
        result: fc.oneof(fc.constant(0), fc.constantFrom(undefined, 1, 21, -6, 77)),
        fill: fc.uint8Array({ minLength: 256, maxLength: 256 }),
        shared: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(invocation, ({ call, args, result, fill, shared }) => {
        const memory = guestMemory(shared);
        for (let at = 0; at < 65536; at += fill.length) memory.write(at, fill);
        const line = formatCall(call, args, result, memory);
        expect(line.startsWith(`${call.name}(`)).toBe(true);
        expect(line).toMatch(/^[\x20-\x7e…]+$/);
        expect(line.length).toBeLessThan(20_000);
      }),
      { numRuns: 3000 },
    );
  });
});

it('a trace line says which thread and when', () => {
  expect(formatTraceLine(2, 0.0012344, 'text')).toBe('[tid 2] 0.001234 text');
  expect(formatTraceLine(1, 12.5, 'text')).toBe('[tid 1] 12.500000 text');
  expect(formatTraceLine(5, 12.5, 'text', 3)).toBe('[pid 3 tid 5] 12.500000 text');
});
