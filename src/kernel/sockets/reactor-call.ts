/**
 * A call of the reactor: the guest thread waits for the answer. A block of 32 words, and behind them as many as the call
 * needs besides:
 *
 *   0 NEXT, 1 OPERATION, 2 POSTED  its node (reactor-list.ts)
 *   3 STATE     0 the thread waits, 1 answered, 2 the thread is gone and the reactor frees the block
 *   4 THREAD    record of the waiting thread
 *   6 RESULT    errno
 *   7 SOCKET    record of the socket it is about, 0 for none
 *   8…13 ADDRESS (address.ts)
 *  14 NUMBER    a further argument
 *  15 MORE      how many words are behind these
 *  16 HELD      host descriptor that is closed with the call, plus 1; 0 for none
 */
import { closeSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind, wakeThread } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { type SocketAddress, storeAddress } from './address.js';
import { NODE, post, ReactorOperation, reactorOf, requireReactor, servePosted } from './reactor-list.js';
import { SOCKET } from './socket.js';

export const CALL = {
  STATE: 3,
  THREAD: 4,
  RESULT: 6,
  SOCKET: 7,
  ADDRESS: 8,
  NUMBER: 14,
  MORE: 15,
  HELD: 16,
  WORDS: 32,
} as const;

const CallState = { WAITING: 0, ANSWERED: 1, ABANDONED: 2 } as const;

/** What is asked of the reactor. */
export interface ReactorCall {
  /** One of ReactorOperation. */
  readonly operation: number;
  /** 0 for none. */
  readonly socket: number;
  readonly address?: SocketAddress;
  readonly number?: number;
  readonly more?: MoreWords;
  /** A host descriptor that the call needs and owns from now on. */
  readonly held?: number;
}

/** What a call says and hears in further words, at an address of kernel memory. */
export interface MoreWords {
  readonly count: number;
  readonly fill: (at: number) => void;
  /** Takes what the reactor has answered, if that is SUCCESS; then the words are gone. */
  readonly take: (at: number) => void;
}

/** Asks the reactor and waits for its errno. */
export function callReactor(thread: GuestThread, asked: ReactorCall): Errno {
  const { kernel, owner } = thread;
  const size = CALL.WORDS + (asked.more?.count ?? 0);
  const call = allocateCall(thread, size, asked.held);
  kernel.reach(call, size);
  kernel.words[call + NODE.OPERATION] = asked.operation;
  kernel.words[call + CALL.THREAD] = thread.record;
  kernel.words[call + CALL.SOCKET] = asked.socket;
  kernel.words[call + CALL.NUMBER] = asked.number ?? 0;
  if (asked.address) storeAddress(kernel, call + CALL.ADDRESS, asked.address);
  kernel.words[call + CALL.MORE] = size - CALL.WORDS;
  kernel.words[call + CALL.HELD] = (asked.held ?? -1) + 1;
  asked.more?.fill(call + CALL.WORDS);
  if (asked.socket !== 0) kernel.words[asked.socket + SOCKET.KNOWN] = 1;
  post(kernel, call, owner);
  const state = call + CALL.STATE;
  const answered = () => Atomics.load(kernel.words, state) === CallState.ANSWERED;
  try {
    waitUntil(thread, WaitKind.HOST, [], answered, Number.POSITIVE_INFINITY);
    const result = kernel.words[call + CALL.RESULT] as Errno;
    if (result === Errno.SUCCESS) asked.more?.take(call + CALL.WORDS);
    return result;
  } finally {
    // A thread that leaves the guest does not wait; the answer is then the reactor's to throw away.
    const seen = Atomics.compareExchange(kernel.words, state, CallState.WAITING, CallState.ABANDONED);
    if (seen === CallState.ANSWERED) freeCall(kernel, call, owner);
  }
}

function allocateCall(thread: GuestThread, size: number, held: number | undefined): number {
  try {
    requireReactor(thread);
    return thread.kernel.allocate(size, thread.owner);
  } catch (error) {
    if (held !== undefined) closeSync(held);
    throw error;
  }
}

/** Answers a call; the reactor's, once for each call. */
export function answerCall(kernel: KernelMemory, call: number, result: Errno, owner: number): void {
  kernel.words[call + CALL.RESULT] = result;
  // The block is the thread's as soon as it is answered: what is needed of it is read before.
  const record = kernel.words[call + CALL.THREAD]!;
  const state = call + CALL.STATE;
  const seen = Atomics.compareExchange(kernel.words, state, CallState.WAITING, CallState.ANSWERED);
  if (seen === CallState.ABANDONED) freeCall(kernel, call, owner);
  else wakeThread(kernel, record);
}

function freeCall(kernel: KernelMemory, call: number, owner: number): void {
  closeHeld(kernel, call);
  kernel.free(call, CALL.WORDS + kernel.words[call + CALL.MORE]!, owner);
}

/** Closes what calls have that no reactor has come to: the run is over and nobody waits for them; the host's. */
export function dropCalls(kernel: KernelMemory, owner: number): void {
  const reactor = reactorOf(kernel);
  if (reactor === 0) return;
  servePosted(kernel, reactor, owner, (node) => {
    kernel.reach(node, CALL.WORDS);
    if (kernel.words[node + NODE.OPERATION] !== ReactorOperation.LOOK) closeHeld(kernel, node);
  });
}

/** Closes the host descriptor of a call, if it has one; the reactor's for calls that it ends without answering. */
export function closeHeld({ words }: KernelMemory, call: number): void {
  const held = words[call + CALL.HELD]!;
  words[call + CALL.HELD] = 0;
  if (held !== 0) closeSync(held - 1);
}
