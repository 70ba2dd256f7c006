import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { threadsOf } from './thread-record.js';
import { THREAD } from './thread-words.js';

/**
 * Notifies the guest word that the thread with `record` waits on. A thread that was just about to wait misses it.
 * @returns what its ADDRESS word held: 0 when it waits on none.
 */
export function notifyGuestWait(kernel: KernelMemory, memory: GuestMemory, record: number): number {
  const address = Atomics.load(kernel.words, record + THREAD.ADDRESS);
  if (address === 0) return 0;
  // The record may just have become a thread's of another program, with another memory.
  if (memory.holds((address - 1) * 4, 4)) Atomics.notify(memory.words, address - 1);
  return address;
}

/**
 * Notifies every guest word that a thread of an ending process waits on. A thread that was just about to wait
 * misses it, so the caller repeats this until the threads are gone.
 */
export function notifyGuestWaits(kernel: KernelMemory, memory: GuestMemory, process: number): void {
  for (const record of threadsOf(kernel, process)) {
    notifyGuestWait(kernel, memory, record);
    const standIn = Atomics.load(kernel.words, record + THREAD.STAND_IN);
    if (standIn !== 0) notifyGuestWait(kernel, memory, standIn);
  }
}
