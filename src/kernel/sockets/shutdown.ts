import { Errno } from '../../abi/errno.js';
import { SdFlags } from '../../abi/flags.js';
import { SocketStatus } from '../../abi/socket.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { closeReader, isClosed, shutWriter } from '../pipes/pipe.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { isDatagram } from './datagram.js';
import { incomingRing, outgoingRing } from './rings.js';
import { SocketState, stateOf, takeError } from './socket.js';
import { look } from './transfer.js';

/** Closes one direction of a connection, or both (ABI §2.9). INVAL for other words. */
export function shutDownSocket(thread: GuestThread, socket: number, how: number): void {
  const { kernel, owner } = thread;
  if (how === 0 || (how & ~(SdFlags.RD | SdFlags.WR)) !== 0) fail(Errno.INVAL);
  const state = stateOf(kernel, socket);
  if (state === SocketState.LISTENER || isDatagram(kernel, socket)) fail(Errno.NOTSUP);
  if (state !== SocketState.STREAM) fail((takeError(kernel, socket) || Errno.NOTCONN) as Errno);
  if ((how & SdFlags.RD) !== 0) closeReader(kernel, incomingRing(socket), owner);
  if ((how & SdFlags.WR) !== 0) shutWriter(kernel, outgoingRing(socket), owner);
  look(thread, socket);
}

/** What `sock_status` says (ABI §6.1). */
export function statusOfSocket(kernel: KernelMemory, socket: number): SocketStatus {
  switch (stateOf(kernel, socket)) {
    case SocketState.FRESH:
    case SocketState.CONNECTING:
      return SocketStatus.OPENING;
    case SocketState.FAILED:
      return SocketStatus.FAILED;
    case SocketState.STREAM: {
      const over = isClosed(kernel, incomingRing(socket)) && isClosed(kernel, outgoingRing(socket));
      return over ? SocketStatus.CLOSED : SocketStatus.OPENED;
    }
    default:
      return SocketStatus.OPENED;
  }
}
