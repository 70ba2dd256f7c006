/** Calls on descriptors that come in the midst of another thread's change of the table, and closing what is in it. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { FileType } from '../../../../src/abi/filetype.js';
import { Access, createOpenFile, FileKind } from '../../../../src/kernel/descriptors/open-file.js';
import { acquire, ENTRY, entryOf } from '../../../../src/kernel/descriptors/table.js';
import { openEventCounter } from '../../../../src/kernel/objects/event-counter.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { SOCKET } from '../../../../src/kernel/sockets/socket.js';
import { fdTableHandlers } from '../../../../src/syscalls/fd-table.js';
import { give, kernelThread } from '../epoll/kernel-thread.js';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

function wasixThread(wasix: boolean) {
  return Object.assign(kernelThread(), { view: { wasix } });
}

it.each([true, false])('a number is never free while dup2 puts another file there (WASIX: %s)', (wasix) => {
  const thread = wasixThread(wasix);
  const { kernel, owner } = thread;
  const [old, next] = [0, 1].map(() => openEventCounter(kernel, { low: 0, high: 0 }, 0, owner));
  const to = give(thread, old!);
  const from = give(thread, next!);
  const word = entryOf(kernel, thread.process, to) + ENTRY.FILE;

  // What another thread could find in the table meanwhile, in order.
  const found: number[] = [];
  const { store, load } = Atomics;
  const storing = vi.spyOn(Atomics, 'store').mockImplementation(((
    words: Int32Array,
    index: number,
    value: number,
  ) => {
    if (index === word) found.push(value);
    return store(words, index, value);
  }) as typeof Atomics.store);
  expect(fdTableHandlers.fd_renumber(thread, from, to)).toBe(Errno.SUCCESS);
  storing.mockRestore();
  expect(found.at(-1)).toBe(next);

  vi.spyOn(Atomics, 'load').mockImplementation(
    ((words: Int32Array, index: number) =>
      (index === word ? found.shift() : undefined) ?? load(words, index)) as typeof Atomics.load,
  );
  expect(acquire(thread, to, -1)).toBe(next);
});

it('a socket that is doubled and then closed by another thread is not taken for one that nothing names', () => {
  const thread = wasixThread(true);
  const { kernel, owner } = thread;
  const socket = kernel.allocate(SOCKET.WORDS, owner);
  const init = { kind: FileKind.SOCKET, type: FileType.SOCKET_STREAM, access: 0, stream: socket };
  const file = createOpenFile(kernel, init, owner);
  const fd = give(thread, file);

  // The other thread closes the number as soon as the table is free.
  const { exchange } = Atomics;
  const unlocking = vi.spyOn(Atomics, 'exchange').mockImplementation(((
    words: Int32Array,
    index: number,
    value: number,
  ) => {
    const before = exchange(words, index, value);
    if (index === thread.process + PROCESS.FD_LOCK) {
      unlocking.mockRestore();
      expect(fdTableHandlers.fd_close(thread, fd)).toBe(Errno.SUCCESS);
    }
    return before;
  }) as typeof Atomics.exchange);
  expect(fdTableHandlers.fd_dup(thread, fd, 64)).toBe(Errno.SUCCESS);
  expect(acquire(thread, thread.memory.getU32(64), -1)).toBe(file);
  expect(kernel.words[socket + SOCKET.ORPHANED]).toBe(0);
});

it('a descriptor is closed and its description freed although the host cannot write back what it kept', () => {
  const thread = wasixThread(true);
  const { kernel, owner } = thread;
  const access = Access.WRITE | Access.OWNS_FD;
  const init = { kind: FileKind.REGULAR, type: FileType.REGULAR_FILE, access, hostFd: 1000 };
  const file = createOpenFile(kernel, init, owner);
  const fd = give(thread, file);
  const closed: number[] = [];
  vi.spyOn(fs, 'closeSync').mockImplementation((hostFd) => {
    closed.push(hostFd);
    throw Object.assign(new Error('EIO: i/o error, close'), { code: 'EIO' });
  });
  syncBuiltinESMExports();
  expect(fdTableHandlers.fd_close(thread, fd)).toBe(Errno.SUCCESS);
  expect(closed).toEqual([1000]);
  // The next description gets the block.
  expect(createOpenFile(kernel, init, owner)).toBe(file);
});
