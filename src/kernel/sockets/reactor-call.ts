/**
 * A call of the reactor: the guest thread waits for the answer. A block of 32 words:
 *
 *   0 NEXT, 1 OPERATION, 2 POSTED  its node (reactor-list.ts)
 *   3 STATE     0 the thread waits, 1 answered, 2 the thread is gone and the reactor frees the block
 *   4 THREAD    record of the waiting thread
 *   6 RESULT    errno
 *   7 SOCKET    record of the socket it is about, 0 for none
 *   8…13 ADDRESS (address.ts)
 *  14 NUMBER    a further argument
 */
import type { Errno } from '../../abi/errno.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind, wakeThread } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { type SocketAddress, storeAddress } from './address.js';
import { NODE, post, requireReactor } from './reactor-list.js';
import { SOCKET } from './socket.js';

export const CALL = {
  STATE: 3,
  THREAD: 4,
  RESULT: 6,
  SOCKET: 7,
  ADDRESS: 8,
  NUMBER: 14,
  WORDS: 32,
} as const;

const CallState = { WAITING: 0, ANSWERED: 1, ABANDONED: 2 } as const;

/** What is asked of the reactor. */
export interface ReactorCall {
  /** One of ReactorOperation. */
  readonly operation: number;
  readonly socket: number;
  readonly address?: SocketAddress;
  readonly number?: number;
}

/** Asks the reactor and waits for its errno. */
export function callReactor(thread: GuestThread, asked: ReactorCall): Errno {
  const { kernel, owner } = thread;
  requireReactor(thread);
  const call = kernel.allocate(CALL.WORDS, owner);
  kernel.reach(call, CALL.WORDS);
  kernel.words[call + NODE.OPERATION] = asked.operation;
  kernel.words[call + CALL.THREAD] = thread.record;
  kernel.words[call + CALL.SOCKET] = asked.socket;
  kernel.words[call + CALL.NUMBER] = asked.number ?? 0;
  if (asked.address) storeAddress(kernel, call + CALL.ADDRESS, asked.address);
  kernel.words[asked.socket + SOCKET.KNOWN] = 1;
  post(kernel, call, owner);
  const state = call + CALL.STATE;
  const answered = () => Atomics.load(kernel.words, state) === CallState.ANSWERED;
  try {
    waitUntil(thread, WaitKind.HOST, [], answered, Number.POSITIVE_INFINITY);
    return kernel.words[call + CALL.RESULT] as Errno;
  } finally {
    // A thread that leaves the guest does not wait; the answer is then the reactor's to throw away.
    const seen = Atomics.compareExchange(kernel.words, state, CallState.WAITING, CallState.ABANDONED);
    if (seen === CallState.ANSWERED) kernel.free(call, CALL.WORDS, owner);
  }
}

/** Answers a call; the reactor's, once for each call. */
export function answerCall(kernel: KernelMemory, call: number, result: Errno, owner: number): void {
  kernel.words[call + CALL.RESULT] = result;
  // The block is the thread's as soon as it is answered: what is needed of it is read before.
  const record = kernel.words[call + CALL.THREAD]!;
  const state = call + CALL.STATE;
  const seen = Atomics.compareExchange(kernel.words, state, CallState.WAITING, CallState.ANSWERED);
  if (seen === CallState.ABANDONED) kernel.free(call, CALL.WORDS, owner);
  else wakeThread(kernel, record);
}
