import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { threadsOf } from './thread-record.js';
import { THREAD } from './thread-words.js';

/**
 * Notifies every guest word that a thread of an ending process waits on. A thread that was just about to wait
 * misses it, so the caller repeats this until the threads are gone.
 */
export function notifyGuestWaits(kernel: KernelMemory, memory: GuestMemory, process: number): void {
  for (const record of threadsOf(kernel, process)) {
    const address = Atomics.load(kernel.words, record + THREAD.ADDRESS);
    if (address === 0) continue;
    memory.span((address - 1) * 4, 4);
    Atomics.notify(memory.words, address - 1);
  }
}
