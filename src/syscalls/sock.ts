/**
 * The four socket calls of preview1 (ABI §2.9). The descriptors that carry them out are socket pairs and, to receive
 * and send, pipes (sock-pair.ts); all others are no sockets.
 */
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { requireRight } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile, writing } from './fd-io.js';
import type { Handlers } from './handler.js';
import { isPipeOrPair, receive, send, shutDown } from './sock-pair.js';

const ANY_RIGHT = -1;

/** Runs `work` on the pair or pipe that `fd` is; NOTSOCK for anything else, whatever rights it has. */
function withPipeOrPair(
  thread: GuestThread,
  fd: number,
  right: number,
  work: (file: number) => Errno,
): Errno {
  return withFile(thread, fd, ANY_RIGHT, (file) => {
    if (!isPipeOrPair(thread, file)) return Errno.NOTSOCK;
    requireRight(thread, fd, right);
    return work(file);
  });
}

export const sockHandlers: Handlers<'sock_accept' | 'sock_recv' | 'sock_send' | 'sock_shutdown'> = {
  sock_accept: (thread, fd) => withFile(thread, fd, ANY_RIGHT, () => Errno.NOTSOCK),

  sock_recv(thread, fd, iovecs, count, flags, received, outFlags) {
    thread.memory.span(received, 4);
    thread.memory.span(outFlags, 2);
    return withPipeOrPair(thread, fd, RightBit.FD_READ, (file) => {
      thread.vectors.load(iovecs, count);
      thread.memory.setU32(received, receive(thread, file, flags));
      thread.memory.setU16(outFlags, 0);
      return Errno.SUCCESS;
    });
  },

  sock_send(thread, fd, iovecs, count, flags, sent) {
    thread.memory.span(sent, 4);
    return writing(thread, () =>
      withPipeOrPair(thread, fd, RightBit.FD_WRITE, (file) => {
        thread.vectors.load(iovecs, count);
        thread.memory.setU32(sent, send(thread, file, flags));
        return Errno.SUCCESS;
      }),
    );
  },

  sock_shutdown(thread, fd, how) {
    return withPipeOrPair(thread, fd, ANY_RIGHT, (file) => {
      if (thread.kernel.words[file + FILE.KIND] !== FileKind.PAIR) return fail(Errno.NOTSOCK);
      requireRight(thread, fd, RightBit.SOCK_SHUTDOWN);
      shutDown(thread, file, how);
      return Errno.SUCCESS;
    });
  },
};
