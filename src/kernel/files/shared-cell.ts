/** The file tree's shared string (`SharedCell`) over kernel memory: three words of the header. */
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { loadText, storeText } from '../memory/text.js';
import type { SharedCell } from './config.js';

const LOCK = HEADER.SCRATCH;
const TEXT = HEADER.SCRATCH + 1;

/** @param owner answers the lock owner number of the calling thread. */
export function scratchCell(kernel: KernelMemory, owner: () => number): SharedCell {
  const load = () => {
    const address = Atomics.load(kernel.words, TEXT);
    return address === 0 ? undefined : loadText(kernel, address);
  };
  return {
    load,
    once(create) {
      lock(kernel.words, LOCK, owner());
      try {
        const known = load();
        if (known !== undefined) return known;
        const text = create();
        Atomics.store(kernel.words, TEXT, storeText(kernel, text, owner()));
        return text;
      } finally {
        unlock(kernel.words, LOCK);
      }
    },
  };
}
