/**
 * The standard streams of a guest that runs on the host's main thread. There is nothing else on that thread, signals
 * end the whole process by themselves, and so the guest may block in reads and writes like any program.
 */
import { fstatSync, readFileSync } from 'node:fs';
import { RightBit } from '../../abi/rights.js';
import { Access, createOpenFile, FileKind } from '../../kernel/descriptors/open-file.js';
import { install } from '../../kernel/descriptors/table.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { isPlain, isTerminal, plainType, streamType } from './descriptor-kind.js';
import { rightsWith } from './stdio-rights.js';

const O_NONBLOCK = 0o4000;

/** Whether reads and writes on `fd` wait as long as they must: nobody has made its description non-blocking. */
function isBlocking(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_NONBLOCK) === 0;
  } catch {
    return false;
  }
}

/**
 * Whether a guest on the main thread can use the standard streams directly. `polls` says that the guest may ask
 * whether stdin has data, which only the event loop can tell of anything but a file.
 */
export function canUseStdioDirectly(polls: boolean): boolean {
  return [0, 1, 2].every((fd) => {
    const status = fstatSync(fd);
    return isPlain(fd, status) || (isBlocking(fd) && !(polls && fd === 0));
  });
}

/** Installs descriptors 0, 1 and 2 and answers which of them are terminals. */
export function installDirectStdio(kernel: KernelMemory, process: number): boolean[] {
  return [0, 1, 2].map((fd) => {
    const status = fstatSync(fd);
    const type = isPlain(fd, status) ? plainType(status) : streamType(fd, status);
    const access = fd === 0 ? Access.READ : Access.WRITE;
    const file = createOpenFile(kernel, { kind: FileKind.SEQUENTIAL, type, access, hostFd: fd }, HOST_OWNER);
    const rights = rightsWith(fd === 0 ? RightBit.FD_READ : RightBit.FD_WRITE);
    install({ kernel, process, owner: HOST_OWNER }, file, { rights });
    return isTerminal(fd, status);
  });
}
