/** Options of sockets (ABI §2.9, §6.3). */
import { Errno } from '../abi/errno.js';
import { OptionTag } from '../abi/option-tag.js';
import { optionTimestamp } from '../abi/structs.js';
import { fail } from '../kernel/failure.js';
import { applyOptions, isDatagram } from '../kernel/sockets/datagram.js';
import { getFlag, getSize, getTime, setFlag, setSize, setTime } from '../kernel/sockets/options.js';
import { SOCKET } from '../kernel/sockets/socket.js';
import { look } from '../kernel/sockets/transfer.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';
import { withSocket } from './sock-descriptor.js';

const ANY_RIGHT = -1;

/** An `option_timestamp`, nanoseconds. */
function readTime({ memory }: GuestThread, pointer: number): bigint | undefined {
  const at = memory.span(pointer, optionTimestamp.size);
  switch (memory.getU8(at)) {
    case OptionTag.NONE:
      return undefined;
    case OptionTag.SOME:
      return memory.getU64(at + optionTimestamp.at.value);
    default:
      return fail(Errno.INVAL);
  }
}

/** Has the reactor see what was set. What is set on a datagram socket counts from its next datagram on. */
function apply(thread: GuestThread, socket: number): void {
  if (isDatagram(thread.kernel, socket)) applyOptions(thread, socket);
  else if (thread.kernel.words[socket + SOCKET.KNOWN] === 1) look(thread, socket);
}

export const sockOptionHandlers: Handlers<
  | 'sock_get_opt_flag'
  | 'sock_get_opt_size'
  | 'sock_get_opt_time'
  | 'sock_set_opt_flag'
  | 'sock_set_opt_size'
  | 'sock_set_opt_time'
> = {
  sock_set_opt_flag(thread, fd, option, value) {
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      if (value !== 0 && value !== 1) return Errno.INVAL;
      setFlag(thread.kernel, socket, option, value === 1);
      apply(thread, socket);
      return Errno.SUCCESS;
    });
  },

  sock_get_opt_flag(thread, fd, option, result) {
    thread.memory.span(result, 1);
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      thread.memory.setU8(result, getFlag(thread.kernel, socket, option) ? 1 : 0);
      return Errno.SUCCESS;
    });
  },

  sock_set_opt_size(thread, fd, option, size) {
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      setSize(thread.kernel, socket, option, BigInt.asUintN(64, size));
      apply(thread, socket);
      return Errno.SUCCESS;
    });
  },

  sock_get_opt_size(thread, fd, option, result) {
    thread.memory.span(result, 8);
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      thread.memory.setU64(result, getSize(thread.kernel, socket, option));
      return Errno.SUCCESS;
    });
  },

  sock_set_opt_time(thread, fd, option, value) {
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      setTime(thread.kernel, socket, option, readTime(thread, value));
      return Errno.SUCCESS;
    });
  },

  sock_get_opt_time(thread, fd, option, result) {
    const { memory } = thread;
    memory.span(result, optionTimestamp.size);
    return withSocket(thread, fd, ANY_RIGHT, (socket) => {
      const value = getTime(thread.kernel, socket, option);
      const at = memory.clear(result, optionTimestamp.size);
      memory.setU8(at, value === undefined ? OptionTag.NONE : OptionTag.SOME);
      memory.setU64(at + optionTimestamp.at.value, value ?? 0n);
      return Errno.SUCCESS;
    });
  },
};
