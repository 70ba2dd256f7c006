/** What a spawn does to its child before the program begins: descriptor operations, dispositions (ABI §3.9, §5.4). */
import { Errno } from '../abi/errno.js';
import { Disposition, SpawnOp } from '../abi/process.js';
import { isSignal } from '../abi/signal.js';
import { signalDisposition, spawnFdOp } from '../abi/structs.js';
import { takeOut } from '../kernel/descriptors/names.js';
import { FILE, FileKind, retain } from '../kernel/descriptors/open-file.js';
import {
  ENTRY,
  entryOf,
  makeRoom,
  openEntry,
  put,
  release,
  rightsOf,
  type TableUser,
} from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { loadText } from '../kernel/memory/text.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { replaceWorkingDirectory, workingDirectory } from '../kernel/processes/working-directory.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { openFile, rightsPair } from './path-open.js';

/** Most operations of one spawn: more can only be a wrong count. */
const MOST_OPS = 65_536;

/** Applies the operations to the table of `child`, which no thread runs in yet, in their order. */
export function applyFdOps(thread: GuestThread, child: number, pointer: number, count: number): void {
  if (count >>> 0 > MOST_OPS) fail(Errno.INVAL);
  const start = thread.memory.span(pointer, (count >>> 0) * spawnFdOp.size);
  const table = { kernel: thread.kernel, process: child, owner: thread.owner };
  for (let i = 0; i < count >>> 0; i++) applyOp(thread, table, start + i * spawnFdOp.size);
}

function applyOp(thread: GuestThread, table: TableUser, at: number): void {
  const { memory } = thread;
  const fd = memory.getU32(at + spawnFdOp.at.fd);
  switch (memory.getU8(at + spawnFdOp.at.cmd)) {
    case SpawnOp.CLOSE:
      return close(table, fd);
    case SpawnOp.DUP2:
      return duplicate(table, memory.getU32(at + spawnFdOp.at.srcFd), fd);
    case SpawnOp.OPEN:
      return open(thread, table, fd, at);
    case SpawnOp.CHDIR:
      return enterDirectory(thread, table.process, pathOf(thread, at));
    case SpawnOp.FCHDIR:
      return replaceWorkingDirectory(table, () => directoryPath(table, fd));
    default:
      return fail(Errno.INVAL);
  }
}

function pathOf({ memory }: GuestThread, at: number): string {
  return memory.string(memory.getU32(at + spawnFdOp.at.path), memory.getU32(at + spawnFdOp.at.pathLen));
}

/** Preopens stay (ABI §5.4): the child's libc finds its files through them. What is not open is BADF. */
function close(table: TableUser, fd: number): void {
  const entry = openEntry(table, fd);
  if (table.kernel.words[entry + ENTRY.PREOPEN] !== 0) return;
  release(table, takeOut(table, fd));
}

function duplicate(table: TableUser, from: number, to: number): void {
  const { kernel } = table;
  const source = openEntry(table, from);
  if (from === to) {
    kernel.words[source + ENTRY.FLAGS] = 0;
    return;
  }
  const file = kernel.words[source + ENTRY.FILE]!;
  const rights = rightsOf(kernel, source);
  kernel.reach(file, FILE.WORDS);
  retain(kernel, file);
  replace(table, to, file, () => put(table, to, file, { rights }));
}

/** Puts `file` at the number `fd`, in the place of what is there; a preopen is NOTSUP. Drops the file if it cannot. */
function replace(table: TableUser, fd: number, file: number, place: () => void): void {
  const { kernel } = table;
  try {
    makeRoom(table, fd, Errno.BADF);
    const entry = entryOf(kernel, table.process, fd);
    if (kernel.words[entry + ENTRY.PREOPEN] !== 0) fail(Errno.NOTSUP);
    if (kernel.words[entry + ENTRY.FILE] !== 0) release(table, takeOut(table, fd));
    place();
  } catch (error) {
    release(table, file);
    throw error;
  }
}

function open(thread: GuestThread, table: TableUser, fd: number, at: number): void {
  const { memory, view } = thread;
  const asked = rightsPair(
    memory.getU64(at + spawnFdOp.at.rightsBase),
    memory.getU64(at + spawnFdOp.at.rightsInheriting),
  );
  const { file, rights } = openFile(thread, view.files.directoryAt(workingDirectory(table)), asked, {
    lookup: memory.getU32(at + spawnFdOp.at.dirflags),
    path: pathOf(thread, at),
    oflags: memory.getU16(at + spawnFdOp.at.oflags),
    fdflags: memory.getU16(at + spawnFdOp.at.fdflags),
  });
  const flags = memory.getU16(at + spawnFdOp.at.fdflagsext);
  replace(table, fd, file, () => put(table, fd, file, { rights, flags }));
}

/** Makes `path`, seen from where the caller is, the working directory of `child`. */
export function enterDirectory(thread: GuestThread, child: number, path: string): void {
  const table = { kernel: thread.kernel, process: child, owner: thread.owner };
  replaceWorkingDirectory(table, (cwd) => thread.view.files.changeDirectory(cwd, path));
}

function directoryPath(table: TableUser, fd: number): string {
  const entry = openEntry(table, fd);
  const { words } = table.kernel;
  const file = words[entry + ENTRY.FILE]!;
  if (words[file + FILE.KIND] !== FileKind.DIRECTORY) return fail(Errno.NOTDIR);
  return loadText(table.kernel, words[file + FILE.PATH]!);
}

/** Sets which signals the child ignores from its start. */
export function applyDispositions(thread: GuestThread, child: number, pointer: number, count: number): void {
  const { kernel, memory } = thread;
  if (count >>> 0 > MOST_OPS) fail(Errno.INVAL);
  const start = memory.span(pointer, (count >>> 0) * signalDisposition.size);
  for (let i = 0; i < count >>> 0; i++) {
    const at = start + i * signalDisposition.size;
    const signal = memory.getU8(at + signalDisposition.at.signal);
    const disposition = memory.getU8(at + signalDisposition.at.disposition);
    if (!isSignal(signal) || disposition > Disposition.IGNORE) fail(Errno.INVAL);
    const word = child + PROCESS.IGNORED;
    const bit = 1 << (signal - 1);
    if (disposition === Disposition.IGNORE) kernel.words[word]! |= bit;
    else kernel.words[word]! &= ~bit;
  }
}
