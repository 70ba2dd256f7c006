/** What fuzzing has found, and must not come back. */
import { afterAll, expect, it } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { OFlags } from '../../src/abi/flags.js';
import { allCalls, type CallName } from '../../src/abi/namespaces.js';
import { compile, run } from '../../src/index.js';
import { createOpenFile, FILE, FileKind, retain } from '../../src/kernel/descriptors/open-file.js';
import { release } from '../../src/kernel/descriptors/table.js';
import { Failure } from '../../src/kernel/failure.js';
import { GuestMemory } from '../../src/kernel/memory/guest-memory.js';
import { KernelMemory } from '../../src/kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../src/kernel/memory/lock.js';
import { operationsOf } from '../../src/kernel/objects/operations.js';
import { openPipe } from '../../src/kernel/pipes/ends.js';
import { PIPE } from '../../src/kernel/pipes/pipe.js';
import type { GuestThread } from '../../src/kernel/threads/guest-thread.js';
import { exportEntry, functionType, moduleOf } from '../unit/runtime/binary/encode.js';
import type { Argument, RandomCall } from './calls.js';
import { pathText } from './constants.js';
import { writeExactGuest } from './exact-guest.js';
import { writeGuest } from './guest.js';
import { ARENA, ownZone } from './guest-map.js';
import { Random } from './random.js';
import { FuzzPool } from './run-guest.js';
import { Scratch } from './scratch.js';

const calls = allCalls();

const pool = new FuzzPool({ name: 'found', maxSize: 8 });
const scratch = new Scratch(writeGuest({ seed: 1, profile: 'wasix', threads: 1, calls: 1, ports: [] }));
afterAll(async () => {
  await pool.shutdownJoin(1000);
  scratch.dispose();
});

function call(name: CallName, ...args: readonly Argument[]): RandomCall {
  return { call: calls[name], args, pokes: [] };
}

/** What the calls answer, in a guest that may use the scratch tree. */
async function answersOf(...made: readonly RandomCall[]): Promise<number[]> {
  const answers: number[] = [];
  const check = (number: number, result: number) => number >= 0 && answers.push(result);
  const { reason, message } = await run(writeExactGuest(made, new Random(1)), {
    ...scratch.options([1], true),
    pool,
    imports: { fuzz: { check } },
    onNotice: () => undefined,
    timeout: 10_000,
  });
  expect({ reason, message }).toEqual({ reason: 'exit', message: undefined });
  return answers;
}

const ALL_RIGHTS = (1n << 45n) - 1n;
const SLOT = ARENA.start;

it('a program file of a terabyte is no program, and is not read', async () => {
  const path = pathText('big');
  const name = [path.pointer, path.length] as const;
  const open = call('path_open', 4, 0, ...name, OFlags.CREAT, ALL_RIGHTS, ALL_RIGHTS, 0, SLOT);
  const grow = call('fd_filestat_set_size', { load: SLOT }, 1n << 40n);
  const list = ownZone(1).start;
  const spawn = call('proc_spawn3', ...name, list, 0, list, 0, list, 0, list, 0, 0, 0, 0, SLOT);
  expect(await answersOf(open, grow, spawn)).toEqual([Errno.SUCCESS, Errno.SUCCESS, Errno.NOEXEC]);
});

it('a standard stream that is closed cannot be opened by its name', async () => {
  const { pointer, length } = pathText('/dev/stdin');
  const open = call('path_open', 3, 0, pointer, length, 0, ALL_RIGHTS, ALL_RIGHTS, 0, SLOT);
  const [first, , third] = await answersOf(open, call('fd_close', 0), open);
  expect([first, third]).toEqual([Errno.SUCCESS, Errno.NXIO]);
});

it('a pipe that lies where another thread has let kernel memory grow has a queue', () => {
  const kernel = KernelMemory.create(64);
  const { readEnd } = openPipe(kernel, HOST_OWNER);
  const stale = new KernelMemory(kernel.memory);
  const pipe = kernel.allocate(1 << 20, HOST_OWNER);
  kernel.reach(pipe, PIPE.WORDS);
  kernel.words[pipe + PIPE.READ_QUEUE] = 77;
  kernel.words[readEnd + FILE.STREAM] = pipe;
  expect(pipe).toBeGreaterThanOrEqual(stale.words.length);
  expect(
    operationsOf({ kernel: stale } as GuestThread, readEnd).queue({ kernel: stale } as GuestThread, readEnd),
  ).toBe(77);
});

it('the block of a description that was closed is used for descriptions only', () => {
  // A lookup takes no lock: it may yet count itself in and out of the one that it found.
  const kernel = KernelMemory.create(64);
  const { readEnd } = openPipe(kernel, HOST_OWNER);
  release({ kernel, owner: HOST_OWNER }, readEnd);
  expect(retain(kernel, readEnd)).toBe(false);
  expect(kernel.allocate(FILE.WORDS, HOST_OWNER)).not.toBe(readEnd);
  const init = { kind: FileKind.EVENT, type: 0, access: 0 };
  expect(createOpenFile(kernel, init, HOST_OWNER)).toBe(readEnd);
});

it('a name of a megabyte and more is too long, however long it says it is', () => {
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true }));
  const errnoOf = (length: number) => {
    try {
      return memory.string(0, length);
    } catch (error) {
      return error instanceof Failure ? error.errno : error;
    }
  };
  expect(errnoOf(4 * 1024 * 1024)).toBe(Errno.NAMETOOLONG);
  expect(errnoOf(4 * 1024 * 1024 + 1)).toBe(Errno.FAULT);
  expect(errnoOf(-1)).toBe(Errno.FAULT);
});

it('exports that are offered as entries are shown without their controls', async () => {
  const module = moduleOf({
    types: [functionType([], [])],
    functions: [0],
    memories: [[0, 1]],
    exports: [exportEntry('\u001b[2Jgo\n', 0, 0)],
    bodies: [[0, 0x0b]],
  });
  await expect(run(compile(module), { pool })).rejects.toMatchObject({
    hint: expect.stringContaining('\\u{1b}[2Jgo\\u{a}'),
  });
});

it('a trap is reported without the controls in names of the module', async () => {
  const module = moduleOf({
    types: [functionType([], [])],
    functions: [0],
    memories: [[0, 1]],
    exports: [exportEntry('_start', 0, 0)],
    bodies: [[0, 0x00, 0x0b]],
  });
  // A name section that gives the module's name alone.
  const named = [...Buffer.from('\u0004name'), 0, 5, 4, ...Buffer.from('\u001b[2J')];
  const { reason, stack } = await run(new Uint8Array([...module, 0, named.length, ...named]), { pool });
  expect({ reason, stack }).toEqual({ reason: 'trap', stack: expect.stringContaining('\\u{1b}[2J') });
});
