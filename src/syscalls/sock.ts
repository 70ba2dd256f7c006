/** The four socket calls of preview1 (ABI §2.9). No descriptor is a socket yet, so the answer is what they give for the rest. */
import { Errno } from '../abi/errno.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile } from './fd-io.js';
import type { Handlers } from './handler.js';

const ANY_RIGHT = -1;

function notSocket(thread: GuestThread, fd: number): Errno {
  return withFile(thread, fd, ANY_RIGHT, () => Errno.NOTSOCK);
}

export const sockHandlers: Handlers<'sock_accept' | 'sock_recv' | 'sock_send' | 'sock_shutdown'> = {
  sock_accept: notSocket,
  sock_recv: notSocket,
  sock_send: notSocket,
  sock_shutdown: notSocket,
};
