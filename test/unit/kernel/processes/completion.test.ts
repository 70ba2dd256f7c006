/** The end of a process, whatever the system says about what it had open. */
import { expect, test } from 'vitest';
import { FdFlagsExt } from '../../../../src/abi/flags.js';
import { Access, createOpenFile, FILE, FileKind } from '../../../../src/kernel/descriptors/open-file.js';
import { ALL_RIGHTS, install } from '../../../../src/kernel/descriptors/table.js';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { closeOnExec } from '../../../../src/kernel/processes/child.js';
import { countThreadOut } from '../../../../src/kernel/processes/completion.js';
import { ANY_CHILD, joinChild } from '../../../../src/kernel/processes/join.js';
import { claimEnd, EndKind } from '../../../../src/kernel/processes/process-record.js';
import { senderOf } from '../../../../src/kernel/signals/delivery.js';
import type { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';
import { closeRun } from '../../../../src/runtime/host/process-teardown.js';
import { addProcess, addThread, kernelRun } from './kernel-run.js';

/** No descriptor of the system: closing it fails, as it may on a file system that has no room for what was written. */
const UNCLOSABLE = 0x3fff_ffff;

/** Opens a description that the system does not close without an error, and one behind it; answers that one. */
function openTwo(thread: GuestThread, flags = 0): number {
  const { kernel, owner } = thread;
  const init = { kind: FileKind.REGULAR, type: 4, access: Access.OWNS_FD, hostFd: UNCLOSABLE };
  install(thread, createOpenFile(kernel, init, owner), { rights: ALL_RIGHTS, flags });
  const last = createOpenFile(kernel, { kind: FileKind.DEVICE, type: 2, access: Access.READ }, owner);
  install(thread, last, { rights: ALL_RIGHTS, flags });
  return last;
}

const references = (kernel: KernelMemory, file: number) => kernel.words[file + FILE.REFS];

test('a child whose file cannot be closed without an error is over, and its other descriptors are closed', () => {
  const kernel = kernelRun();
  const parent = addThread(kernel, addProcess(kernel));
  const child = addThread(kernel, addProcess(kernel, parent.tid));
  const last = openTwo(child);
  countThreadOut(senderOf(child), child.process, () => {
    claimEnd(kernel, child.process, child.owner, { kind: EndKind.EXIT, value: 3, tid: child.tid });
  });
  expect(references(kernel, last)).toBe(0);
  expect(joinChild(parent, ANY_CHILD, true)).toEqual({ pid: child.tid, code: 3, signal: 0 });
});

test('exec goes on to the next program when a file that is closed for it cannot be closed without an error', () => {
  const kernel = kernelRun();
  const thread = addThread(kernel, addProcess(kernel));
  const last = openTwo(thread, FdFlagsExt.CLOEXEC);
  closeOnExec(thread);
  expect(references(kernel, last)).toBe(0);
});

test('a run is cleaned up when a file that is left open cannot be closed without an error', () => {
  const kernel = kernelRun();
  const thread = addThread(kernel, addProcess(kernel));
  openTwo(thread);
  const files = { hostFds: [], commandFiles: [] } as unknown as Parameters<typeof closeRun>[0]['files'];
  expect(() => closeRun({ kernel, files })).not.toThrow();
});
