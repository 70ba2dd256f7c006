/** Looking sockets up by their descriptors. */
import { Errno } from '../abi/errno.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { requireRight } from '../kernel/descriptors/table.js';
import { orFull } from '../kernel/memory/kernel-memory.js';
import { socketOf } from '../kernel/sockets/socket.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile } from './fd-io.js';

const ANY_RIGHT = -1;

/** Runs `work` on the socket that `fd` is; NOTSOCK for anything else, whatever rights it has. */
export function withSocket(
  thread: GuestThread,
  fd: number,
  right: number,
  work: (socket: number, file: number) => Errno,
): Errno {
  return withFile(thread, fd, ANY_RIGHT, (file) => {
    if (thread.kernel.words[file + FILE.KIND] !== FileKind.SOCKET) return Errno.NOTSOCK;
    requireRight(thread, fd, right);
    return work(socketOf(thread.kernel, file), file);
  });
}

/** Kernel memory has a bound: to come to it is NOBUFS for the guest that asks for more, not a fault of the host. */
export function withBuffers<T>(make: () => T): T {
  return orFull(Errno.NOBUFS, make);
}
