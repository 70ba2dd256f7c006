import { afterEach, expect, it, vi } from 'vitest';
import { FILE } from '../../../../src/kernel/descriptors/open-file.js';
import { ALL_RIGHTS, install } from '../../../../src/kernel/descriptors/table.js';
import { HEADER, KernelMemoryFull } from '../../../../src/kernel/memory/kernel-memory.js';
import { openPipe } from '../../../../src/kernel/pipes/ends.js';
import { createChild } from '../../../../src/kernel/processes/child.js';
import {
  closeProcess,
  createProcess,
  free,
  withProcesses,
} from '../../../../src/kernel/processes/process-table.js';
import { createSystem } from '../../../../src/kernel/system.js';
import type { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';

const OWNER = 1;

afterEach(() => {
  vi.restoreAllMocks();
});

it('a child that cannot be made for want of kernel memory keeps no end of a pipe open', () => {
  const kernel = createSystem({ processes: 2, threads: 1 });
  const process = createProcess(kernel, OWNER, { parent: 0, threads: 1, descriptors: 1000 });
  const user = { kernel, process, owner: OWNER };
  const { writeEnd } = openPipe(kernel, OWNER);
  // A number for which the child's table has to grow.
  install(user, writeEnd, { rights: ALL_RIGHTS }, 500);
  const allocate = kernel.allocate.bind(kernel);
  vi.spyOn(kernel, 'allocate').mockImplementation((count, ...rest) => {
    if (count > 2000) throw new KernelMemoryFull('no room');
    return allocate(count, ...rest);
  });
  expect(() => createChild(user as unknown as GuestThread)).toThrow(KernelMemoryFull);
  expect(kernel.words[writeEnd + FILE.REFS]).toBe(1);
  expect(kernel.words[writeEnd + FILE.NAMES]).toBe(1);
});

it('a process gives back all of its descriptor table, however often that has grown', () => {
  const kernel = createSystem({ processes: 1, threads: 1 });
  const used: number[] = [];
  for (let i = 0; i < 3; i++) {
    const process = createProcess(kernel, OWNER, { parent: 0, threads: 1, descriptors: 4096 });
    const user = { kernel, process, owner: OWNER };
    const { readEnd, writeEnd } = openPipe(kernel, OWNER);
    install(user, readEnd, { rights: ALL_RIGHTS }, 100);
    install(user, writeEnd, { rights: ALL_RIGHTS }, 3000);
    closeProcess(kernel, process, OWNER);
    withProcesses(kernel, OWNER, () => free(kernel, process));
    used.push(kernel.words[HEADER.BREAK]!);
  }
  expect(used).toEqual([used[0], used[0], used[0]]);
});
