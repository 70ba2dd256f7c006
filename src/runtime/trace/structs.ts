/**
 * The structs of guest calls as trace text, read from guest memory by their layouts. Where a struct is a union, only
 * the member that its tag names is shown. Reading fails with FAULT when a field lies out of memory.
 */

import { ClockId } from '../../abi/clock-id.js';
import { EpollType } from '../../abi/epoll.js';
import { errnoName } from '../../abi/errno.js';
import { EventType } from '../../abi/event-type.js';
import { FileType, PreopenType } from '../../abi/filetype.js';
import { EventRwFlags, FdFlags, FdFlagsExt, LookupFlags, OFlags, SubclockFlags } from '../../abi/flags.js';
import type { Layout } from '../../abi/layout.js';
import { Disposition, JoinStatusTag, SpawnOp } from '../../abi/process.js';
import { signalName } from '../../abi/signal.js';
import * as structs from '../../abi/structs.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { formatAddress, formatAddressPort, formatCidr, formatOctets } from './addresses.js';
import {
  enum8,
  type Format,
  flags16,
  flags32,
  hex64,
  option,
  pointer,
  record,
  rights,
  u8,
  u16,
  u32,
  u64,
} from './struct-fields.js';
import { formatEnum, formatRecord, MAX_BYTES, quoteBytes } from './values.js';

const optionTimestamp = option(structs.optionTimestamp, u64);
const optionFd = option(structs.optionFd, u32);

function subscriptionFormat(layout: Layout<keyof typeof structs.subscription.at>): Format {
  const head = { userdata: hex64, tag: enum8(EventType) };
  const clock = record(layout, {
    ...head,
    clockId: (memory, at) => formatEnum(memory.getU32(at), ClockId),
    timeout: u64,
    precision: u64,
    clockFlags: flags16(SubclockFlags),
  });
  const descriptor = record(layout, { ...head, fd: u32 });
  return (memory, at) =>
    memory.getU8(at + layout.at.tag) === EventType.CLOCK ? clock(memory, at) : descriptor(memory, at);
}

const joinStatus: Format = (memory, at) => {
  const { at: offset } = structs.joinStatus;
  const tag = memory.getU8(at + offset.tag);
  const name = formatEnum(tag, JoinStatusTag);
  const code = () => String(memory.getU16(at + offset.code));
  if (tag === JoinStatusTag.EXIT_NORMAL) {
    return formatRecord([
      ['tag', name],
      ['code', code()],
    ]);
  }
  if (tag === JoinStatusTag.EXIT_SIGNAL) {
    return formatRecord([
      ['tag', name],
      ['code', code()],
      ['signal', signalName(memory.getU8(at + offset.signal))],
    ]);
  }
  if (tag !== JoinStatusTag.STOPPED) return formatRecord([['tag', name]]);
  return formatRecord([
    ['tag', name],
    ['signal', signalName(memory.getU8(at + offset.stopSignal))],
  ]);
};

/** The path lies elsewhere in memory: its address is a field, its length the field after it. */
const pathOfSpawnOp: Format = (memory, at) => {
  const length = memory.getU32(at - structs.spawnFdOp.at.path + structs.spawnFdOp.at.pathLen);
  const start = memory.span(memory.getU32(at), length);
  return quoteBytes(memory.copy(start, Math.min(length, MAX_BYTES)), length);
};

/** What each operation of `proc_spawn2` uses (ABI §3.9). */
const spawnOps: Readonly<Record<number, Format>> = {
  [SpawnOp.CLOSE]: record(structs.spawnFdOp, { cmd: enum8(SpawnOp), fd: u32 }),
  [SpawnOp.DUP2]: record(structs.spawnFdOp, { cmd: enum8(SpawnOp), fd: u32, srcFd: u32 }),
  [SpawnOp.OPEN]: record(structs.spawnFdOp, {
    cmd: enum8(SpawnOp),
    fd: u32,
    path: pathOfSpawnOp,
    dirflags: flags32(LookupFlags),
    oflags: flags16(OFlags),
    rightsBase: rights,
    rightsInheriting: rights,
    fdflags: flags16(FdFlags),
    fdflagsext: flags16(FdFlagsExt),
  }),
  [SpawnOp.CHDIR]: record(structs.spawnFdOp, { cmd: enum8(SpawnOp), path: pathOfSpawnOp }),
  [SpawnOp.FCHDIR]: record(structs.spawnFdOp, { cmd: enum8(SpawnOp), fd: u32 }),
};
const unknownSpawnOp = record(structs.spawnFdOp, { cmd: u8 });

const times = { atim: u64, mtim: u64, ctim: u64 };

let made: ReadonlyMap<Layout<string>, Format> | undefined;

/** Made at the first struct that is traced: most runs are not. */
const makeFormats = (): ReadonlyMap<Layout<string>, Format> =>
  new Map<Layout<string>, Format>([
    [
      structs.fdstat,
      record(structs.fdstat, {
        filetype: enum8(FileType),
        flags: flags16(FdFlags),
        rightsBase: rights,
        rightsInheriting: rights,
      }),
    ],
    [
      structs.filestat,
      record(structs.filestat, {
        dev: u64,
        ino: u64,
        filetype: enum8(FileType),
        nlink: u64,
        size: u64,
        ...times,
      }),
    ],
    [
      structs.filestatSnapshot0,
      record(structs.filestatSnapshot0, {
        dev: u64,
        ino: u64,
        filetype: enum8(FileType),
        nlink: u32,
        size: u64,
        ...times,
      }),
    ],
    [structs.prestat, record(structs.prestat, { tag: enum8(PreopenType), nameLen: u32 })],
    [structs.subscription, subscriptionFormat(structs.subscription)],
    [structs.subscriptionSnapshot0, subscriptionFormat(structs.subscriptionSnapshot0)],
    [
      structs.event,
      record(structs.event, {
        userdata: hex64,
        error: (memory, at) => errnoName(memory.getU16(at)),
        type: enum8(EventType),
        nbytes: u64,
        flags: flags16(EventRwFlags),
      }),
    ],
    [
      structs.epollEvent,
      record(structs.epollEvent, {
        events: flags32(EpollType),
        ptr: pointer,
        fd: u32,
        data1: u32,
        data2: hex64,
      }),
    ],
    [structs.optionTimestamp, optionTimestamp],
    [structs.optionPid, option(structs.optionPid, u32)],
    [
      structs.threadStart,
      record(structs.threadStart, {
        stack: pointer,
        tlsBase: pointer,
        startFunc: u32,
        startArg: pointer,
        self: pointer,
        stackSize: u32,
        guardSize: u32,
      }),
    ],
    [
      structs.stackSnapshot,
      record(structs.stackSnapshot, {
        user: hex64,
        hash: (memory, at) => `${hex64(memory, at)}:${hex64(memory, at + structs.hash.at.b1)}`,
      }),
    ],
    [
      structs.processHandles,
      record(structs.processHandles, { pid: u32, stdin: optionFd, stdout: optionFd, stderr: optionFd }),
    ],
    [structs.joinStatus, joinStatus],
    [
      structs.signalDisposition,
      record(structs.signalDisposition, {
        signal: (memory, at) => signalName(memory.getU8(at)),
        disposition: enum8(Disposition),
      }),
    ],
    [
      structs.spawnFdOp,
      (memory, at) => (spawnOps[memory.getU8(at + structs.spawnFdOp.at.cmd)] ?? unknownSpawnOp)(memory, at),
    ],
    [structs.addrPort, formatAddressPort],
    [structs.addr, (memory, at) => formatAddress(memory, at, structs.addr)],
    [structs.addrIp, (memory, at) => formatAddress(memory, at, structs.addrIp)],
    [structs.ip4, (memory, at) => formatOctets(memory, at, 4)],
    [structs.ip6, (memory, at) => formatOctets(memory, at, 16)],
    [structs.cidr, formatCidr],
    [
      structs.route,
      record(structs.route, {
        cidr: formatCidr,
        viaRouter: (memory, at) => formatAddress(memory, at, structs.addr),
        preferredUntil: optionTimestamp,
        expiresAt: optionTimestamp,
      }),
    ],
    [
      structs.hardwareAddress,
      (memory, at) =>
        Buffer.from(memory.copy(at, 6))
          .toString('hex')
          .replace(/..(?=.)/g, '$&:'),
    ],
    [
      structs.tty,
      record(structs.tty, {
        cols: u32,
        rows: u32,
        width: u32,
        height: u32,
        stdinTty: u8,
        stdoutTty: u8,
        stderrTty: u8,
        echo: u8,
        lineBuffered: u8,
        lineFeeds: u8,
      }),
    ],
    [structs.reflection, record(structs.reflection, { cacheable: u8, arguments: u16, results: u16 })],
  ]);

/**
 * The struct of this layout at `at`, as `{field=value, …}`; addresses in their usual notation, options as their value
 * or `NONE`. Undefined for a layout that no guest call takes.
 *
 * @throws {Failure} FAULT when a field lies out of guest memory.
 */
export function formatStruct(
  layout: Layout<string>,
  memory: GuestMemory,
  address: number,
): string | undefined {
  made ??= makeFormats();
  return made.get(layout)?.(memory, address >>> 0);
}
