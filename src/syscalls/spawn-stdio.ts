/** Where the standard streams of a `proc_spawn` go (ABI §2.7, §3.9). */
import { Errno } from '../abi/errno.js';
import { FileType } from '../abi/filetype.js';
import { FdFlagsExt } from '../abi/flags.js';
import { StdioMode } from '../abi/process.js';
import { RightBit } from '../abi/rights.js';
import { optionFd, processHandles } from '../abi/structs.js';
import { takeOut } from '../kernel/descriptors/names.js';
import { Access, createOpenFile, FileKind } from '../kernel/descriptors/open-file.js';
import {
  ALL_RIGHTS,
  ENTRY,
  type EntryInit,
  entryOf,
  install,
  put,
  release,
  withTable,
} from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { orFull } from '../kernel/memory/kernel-memory.js';
import { Device } from '../kernel/objects/device.js';
import { openPipe } from '../kernel/pipes/ends.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { READ_END, WRITE_END } from './fd-pipe.js';

type Modes = readonly [stdin: number, stdout: number, stderr: number];

/** A description for the child, and the caller's descriptor of the pipe's other end, −1 for none. */
interface Stream {
  readonly file: number;
  readonly init: EntryInit;
  readonly handle: number;
}

/** INVAL for what is no mode. */
export function checkStdioModes(...modes: Modes): Modes {
  for (const mode of modes) if ((mode & 0xff) > StdioMode.LOG) fail(Errno.INVAL);
  return modes;
}

/** The standard streams of a child in the making. */
export interface ChildStdio {
  /** Runs `start`; if it fails, nothing is left of the pipes. */
  guard<T>(start: () => T): T;
  /** Puts the streams into the child's table. */
  install(child: number): void;
  /** Writes the handles of the child that now runs. */
  report(pid: number): void;
}

/** Makes the pipes that the modes ask for; `handles` is where the caller's ends are told. */
export function connectStdio(thread: GuestThread, modes: Modes, handles: number): ChildStdio {
  thread.memory.span(handles, processHandles.size);
  const streams: (Stream | undefined)[] = [];
  const installed = new Set<Stream>();
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      for (const stream of streams) if (stream) undo(thread, stream, installed.has(stream));
      throw error;
    }
  };
  guard(() => modes.forEach((mode, fd) => void streams.push(open(thread, fd, mode & 0xff))));
  return {
    guard,
    install(child) {
      streams.forEach((stream, fd) => {
        if (!stream) return;
        replace(thread, child, fd, stream);
        installed.add(stream);
      });
    },
    report: (pid) =>
      writeHandles(
        thread,
        handles,
        pid,
        streams.map((stream) => stream?.handle ?? -1),
      ),
  };
}

/** LOG is as good as INHERIT: what the caller has is where logs go. */
function open(thread: GuestThread, fd: number, mode: number): Stream | undefined {
  const { kernel, owner } = thread;
  if (mode === StdioMode.INHERIT || mode === StdioMode.LOG) return undefined;
  if (mode === StdioMode.NULL) {
    const access = fd === 0 ? Access.READ : Access.WRITE;
    const init = { kind: FileKind.DEVICE, type: FileType.CHARACTER_DEVICE, access, device: Device.NULL };
    return { file: createOpenFile(kernel, init, owner), init: { rights: nullRights(fd) }, handle: -1 };
  }
  const { readEnd, writeEnd } = orFull(Errno.NFILE, () => openPipe(kernel, owner));
  const [own, theirs] = fd === 0 ? [writeEnd, readEnd] : [readEnd, writeEnd];
  const rights = fd === 0 ? WRITE_END : READ_END;
  try {
    // Not for the caller's other children: the pipe would never end.
    const handle = install(thread, own, { rights, flags: FdFlagsExt.CLOEXEC });
    return { file: theirs, init: { rights: fd === 0 ? READ_END : WRITE_END }, handle };
  } catch (error) {
    release(thread, theirs);
    throw error;
  }
}

function nullRights(fd: number): EntryInit['rights'] {
  const position = (1 << RightBit.FD_SEEK) | (1 << RightBit.FD_TELL);
  const other = 1 << (fd === 0 ? RightBit.FD_WRITE : RightBit.FD_READ);
  return { ...ALL_RIGHTS, baseLow: ALL_RIGHTS.baseLow & ~position & ~other };
}

function replace(thread: GuestThread, child: number, fd: number, { file, init }: Stream): void {
  const { kernel, owner } = thread;
  const table = { kernel, process: child, owner };
  const entry = entryOf(kernel, child, fd);
  if (kernel.words[entry + ENTRY.FILE] !== 0) release(thread, takeOut(table, fd));
  put(table, fd, file, init);
}

function undo(thread: GuestThread, { file, handle }: Stream, installed: boolean): void {
  // What the child had is closed with it.
  if (!installed) release(thread, file);
  if (handle < 0) return;
  const own = withTable(thread, () => takeOut(thread, handle));
  if (own !== 0) release(thread, own);
}

function writeHandles(
  { memory }: GuestThread,
  pointer: number,
  pid: number,
  handles: readonly number[],
): void {
  const at = memory.clear(pointer, processHandles.size);
  memory.setU32(at + processHandles.at.pid, pid);
  [processHandles.at.stdin, processHandles.at.stdout, processHandles.at.stderr].forEach((offset, fd) => {
    const handle = handles[fd]!;
    memory.setU8(at + offset + optionFd.at.tag, handle < 0 ? 0 : 1);
    memory.setU32(at + offset + optionFd.at.value, handle);
  });
}
