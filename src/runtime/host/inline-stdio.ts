/**
 * The standard streams of a guest that runs on the host's main thread. There is nothing else on that thread, signals
 * end the whole process by themselves, and so the guest may block in reads and writes like any program.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { RightBit } from '../../abi/rights.js';
import { Access, createOpenFile, FileKind } from '../../kernel/descriptors/open-file.js';
import { install } from '../../kernel/descriptors/table.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { isBlocking, isPlain, isTerminal, plainType, streamType } from './descriptor-kind.js';
import { rightsWith } from './stdio-rights.js';

/** A host descriptor that is to be one of the guest's 0, 1 and 2. */
export interface DirectStream {
  readonly hostFd: number;
  /** Whether it is closed with the guest's. */
  readonly owned: boolean;
}

/**
 * A descriptor on which reads and writes wait as long as they must: the given one, or, where somebody (such as Node's
 * streams) has made that non-blocking, the same pipe or terminal opened anew, if it can be had (not of a socket).
 */
export function blockingStream(fd: number, writes: boolean): DirectStream {
  const given = { hostFd: fd, owned: false };
  const status = fstatSync(fd);
  if (isPlain(fd, status) || isBlocking(fd)) return given;
  const path = `/proc/self/fd/${fd}`;
  let both = -1;
  try {
    // To open one end of a FIFO is to wait for somebody at the other. Meanwhile there is: this opens without waiting.
    if (status.isFIFO()) both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const flags = (writes ? constants.O_WRONLY : constants.O_RDONLY) | constants.O_NOCTTY;
    return { hostFd: openSync(path, flags), owned: true };
  } catch {
    return given;
  } finally {
    if (both >= 0) closeSync(both);
  }
}

/** Installs the descriptor `fd`, 0, 1 or 2, and answers whether it is a terminal. */
export function installDirectStream(
  kernel: KernelMemory,
  process: number,
  fd: number,
  { hostFd, owned }: DirectStream,
): boolean {
  const status = fstatSync(hostFd);
  const type = isPlain(hostFd, status) ? plainType(status) : streamType(hostFd, status);
  const access = (fd === 0 ? Access.READ : Access.WRITE) | (owned ? Access.OWNS_FD : 0);
  const file = createOpenFile(kernel, { kind: FileKind.SEQUENTIAL, type, access, hostFd }, HOST_OWNER);
  const rights = rightsWith(fd === 0 ? RightBit.FD_READ : RightBit.FD_WRITE);
  install({ kernel, process, owner: HOST_OWNER }, file, { rights });
  return isTerminal(hostFd, status);
}

/** Installs Node's own descriptors 0, 1 and 2, as they are, and answers which of them are terminals. */
export function installDirectStdio(kernel: KernelMemory, process: number): boolean[] {
  return [0, 1, 2].map((fd) => installDirectStream(kernel, process, fd, { hostFd: fd, owned: false }));
}
