/**
 * What guest threads want of the reactor, the worker that has the real sockets (runtime/reactor): a list of nodes in
 * kernel memory and a word to ring. Nobody polls and the host thread is not on the way: it only starts the reactor,
 * when the first guest thread asks for one.
 *
 * The block at HEADER.REACTOR, made by that thread:
 *   0 LOCK      guards the list
 *   1 FIRST     2 LAST: the nodes, in the order in which they came
 *   3 DOORBELL  counts the times that the list was empty and is not any more; the reactor waits on it
 *
 * A node is the head of a block of words, 0 NEXT, 1 OPERATION (ReactorOperation), 2 POSTED: a call (reactor-call.ts), or
 * a socket (socket.ts), which is in the list at most once and means "look at it". POSTED is 1 while it is in the list, 2
 * when it will not be put there again, because nobody holds it any longer, and 3 when the reactor is to put it there once
 * more as such: its place is before that of calls about it that were given up, which are to be served first.
 */
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import type { GuestThread } from '../threads/guest-thread.js';

export const REACTOR = { LOCK: 0, FIRST: 1, LAST: 2, DOORBELL: 3, WORDS: 4 } as const;

export const NODE = { NEXT: 0, OPERATION: 1, POSTED: 2 } as const;

/** LOOK is a socket's; the others are calls. */
export const ReactorOperation = {
  LOOK: 0,
  BIND: 1,
  LISTEN: 2,
  CONNECT: 3,
  RESOLVE: 4,
  INTERFACES: 5,
  SEND_TO: 6,
  CONFIGURE: 7,
  JOIN: 8,
  LEAVE: 9,
} as const;

const NODE_WORDS = 3;

/** The reactor's block; 0 while the run has no reactor. */
export function reactorOf(kernel: KernelMemory): number {
  const reactor = Atomics.load(kernel.words, HEADER.REACTOR);
  if (reactor !== 0) kernel.reach(reactor, REACTOR.WORDS);
  return reactor;
}

/** The reactor's block, made now if there is none yet; then the host starts the reactor, and nobody waits for that. */
export function requireReactor(thread: GuestThread): number {
  const { kernel, owner } = thread;
  const known = reactorOf(kernel);
  if (known !== 0) return known;
  if (createReactor(kernel, owner)) thread.view.link.post({ type: 'reactor' });
  return reactorOf(kernel);
}

/** Makes the reactor's block; false when another thread has done so. Who makes it sees to it that the reactor is started. */
export function createReactor(kernel: KernelMemory, owner: number): boolean {
  const made = kernel.allocate(REACTOR.WORDS, owner);
  if (Atomics.compareExchange(kernel.words, HEADER.REACTOR, 0, made) === 0) return true;
  kernel.free(made, REACTOR.WORDS, owner);
  return false;
}

const Posted = { NO: 0, YES: 1, LAST: 2, YES_THEN_LAST: 3 } as const;

/** Puts `node` at the end of the list, unless it is in it, and rings. */
export function post(kernel: KernelMemory, node: number, owner: number): void {
  const reactor = reactorOf(kernel);
  if (reactor === 0) return;
  const seen = Atomics.compareExchange(kernel.words, node + NODE.POSTED, Posted.NO, Posted.YES);
  if (seen === Posted.NO) append(kernel, reactor, node, owner);
}

/** As `post`, for the last time: from now on the node is the reactor's alone. */
export function postLast(kernel: KernelMemory, node: number, owner: number): void {
  const reactor = reactorOf(kernel);
  if (reactor === 0) return;
  const posted = node + NODE.POSTED;
  const seen = Atomics.compareExchange(kernel.words, posted, Posted.YES, Posted.YES_THEN_LAST);
  if (seen !== Posted.NO) return;
  // Nobody else posts it.
  Atomics.store(kernel.words, posted, Posted.LAST);
  append(kernel, reactor, node, owner);
}

function append(kernel: KernelMemory, reactor: number, node: number, owner: number): void {
  lock(kernel.words, reactor + REACTOR.LOCK, owner);
  const last = kernel.words[reactor + REACTOR.LAST]!;
  if (last !== 0) kernel.reach(last, NODE_WORDS);
  const { words } = kernel;
  words[node + NODE.NEXT] = 0;
  words[last === 0 ? reactor + REACTOR.FIRST : last + NODE.NEXT] = node;
  words[reactor + REACTOR.LAST] = node;
  unlock(words, reactor + REACTOR.LOCK);
  // Who found nodes in the list leaves the ringing to who put the first of them.
  if (last !== 0) return;
  Atomics.add(words, reactor + REACTOR.DOORBELL, 1);
  Atomics.notify(words, reactor + REACTOR.DOORBELL);
}

/**
 * Takes all nodes out of the list and serves them in their order; the reactor's call. A node can be posted again as soon
 * as it is being served, unless this was the `last` time.
 */
export function servePosted(
  kernel: KernelMemory,
  reactor: number,
  owner: number,
  serve: (node: number, last: boolean) => void,
): void {
  while (serveBatch(kernel, reactor, owner, serve));
}

/** Whether there are nodes for the last time that were put back. */
function serveBatch(
  kernel: KernelMemory,
  reactor: number,
  owner: number,
  serve: (node: number, last: boolean) => void,
): boolean {
  lock(kernel.words, reactor + REACTOR.LOCK, owner);
  let node = kernel.words[reactor + REACTOR.FIRST]!;
  kernel.words[reactor + REACTOR.FIRST] = 0;
  kernel.words[reactor + REACTOR.LAST] = 0;
  unlock(kernel.words, reactor + REACTOR.LOCK);
  let again = false;
  while (node !== 0) {
    kernel.reach(node, NODE_WORDS);
    const next = kernel.words[node + NODE.NEXT]!;
    // What the node stands for is looked at after this, so what is changed from here on is posted anew.
    const posted = Atomics.exchange(kernel.words, node + NODE.POSTED, Posted.NO);
    serve(node, posted === Posted.LAST);
    if (posted === Posted.YES_THEN_LAST) {
      postLast(kernel, node, owner);
      again = true;
    }
    node = next;
  }
  return again;
}
