/** A guest thread that is only what kernel calls need: a process with a descriptor table, in this very thread. */
import {
  ENTRY,
  type EntryInit,
  FIRST_DESCRIPTORS,
  install,
} from '../../../../src/kernel/descriptors/table.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { HEADER, KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import type { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';

const OWNER = 1;
const RIGHTS: EntryInit['rights'] = { baseLow: -1, baseHigh: -1, inheritingLow: -1, inheritingHigh: -1 };

export function kernelThread(): GuestThread {
  const kernel = KernelMemory.create(PROCESS.WORDS);
  const process = HEADER.WORDS;
  const table = kernel.allocate(FIRST_DESCRIPTORS * ENTRY.WORDS, OWNER);
  const { words } = kernel;
  words[process + PROCESS.PID] = 1;
  words[process + PROCESS.FD_TABLE] = table;
  words[process + PROCESS.FD_CAPACITY] = FIRST_DESCRIPTORS;
  words[process + PROCESS.FD_LIMIT] = 4096;
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
  return { kernel, process, memory, owner: OWNER } as unknown as GuestThread;
}

/** Puts a description at the lowest free number. */
export function give(thread: GuestThread, file: number): number {
  return install(thread, file, { rights: RIGHTS });
}
