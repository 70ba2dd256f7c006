/** Program arguments and environment (ABI §2.1). */
import { Errno } from '../abi/errno.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

function writeSizes(
  thread: GuestThread,
  strings: readonly Uint8Array[],
  count: number,
  bytes: number,
): Errno {
  const total = strings.reduce((sum, string) => sum + string.length + 1, 0);
  thread.memory.setU32(count, strings.length);
  thread.memory.setU32(bytes, total);
  return Errno.SUCCESS;
}

function writeStrings(
  thread: GuestThread,
  strings: readonly Uint8Array[],
  pointers: number,
  buffer: number,
): Errno {
  const { memory } = thread;
  memory.span(pointers, strings.length * 4);
  let at = memory.span(buffer, 0);
  strings.forEach((string, i) => {
    memory.setU32((pointers >>> 0) + i * 4, at);
    memory.write(at, string);
    memory.setU8(at + string.length, 0);
    at += string.length + 1;
  });
  return Errno.SUCCESS;
}

export const argsHandlers: Handlers<'args_get' | 'args_sizes_get' | 'environ_get' | 'environ_sizes_get'> = {
  args_sizes_get: (thread, count, bytes) => writeSizes(thread, thread.view.args, count, bytes),
  args_get: (thread, argv, buffer) => writeStrings(thread, thread.view.args, argv, buffer),
  environ_sizes_get: (thread, count, bytes) => writeSizes(thread, thread.view.env, count, bytes),
  environ_get: (thread, environ, buffer) => writeStrings(thread, thread.view.env, environ, buffer),
};
