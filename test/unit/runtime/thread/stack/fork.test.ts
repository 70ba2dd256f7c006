/** The stack half of fork: a child goes on from an image in another instance, over a copy of the memory. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Errno } from '../../../../../src/abi/errno.js';
import { fail } from '../../../../../src/kernel/failure.js';
import { GuestMemory } from '../../../../../src/kernel/memory/guest-memory.js';
import type { GuestThread } from '../../../../../src/kernel/threads/guest-thread.js';
import type { StackImage } from '../../../../../src/kernel/threads/stack-switch.js';
import { openStack, type StackStart } from '../../../../../src/runtime/thread/stack/open-stack.js';
import { prepareStack, stackExports } from '../../../../../src/runtime/thread/thread-local-storage.js';

const PAGES = 2;
const program = new WebAssembly.Module(
  readFileSync(fileURLToPath(new URL('../../../../../fixtures/wasix/fork-stack.wasm', import.meta.url))),
);

type MakeChild = (image: StackImage, memory: WebAssembly.Memory) => number;
type Import = (...args: never[]) => unknown;

/** A process with as much of the calls as the program makes; its threads run to their end when they are spawned. */
class Process {
  readonly lines: string[] = [];
  readonly memory: WebAssembly.Memory;
  /** Called instead of a jump. */
  onJump: ((thread: GuestThread) => void) | undefined;
  readonly #arguments: string[];
  readonly #makeChild: MakeChild;

  constructor(args: string[], makeChild: MakeChild, memory = makeMemory()) {
    this.#arguments = ['program', ...args];
    this.#makeChild = makeChild;
    this.memory = memory;
  }

  run(start: { main: boolean; argument: number; resume?: StackStart }): void {
    const guest = new GuestMemory(this.memory);
    const thread = {
      memory: guest,
      exports: {},
      leaving: false,
      view: { link: { post: () => undefined } },
      enterCall: () => undefined,
      exitCall: () => undefined,
      leave: () => {
        thread.leaving = true;
        throw new Error('left');
      },
    } as unknown as GuestThread;
    const instance = new WebAssembly.Instance(program, this.#imports(thread));
    thread.exports = instance.exports;
    const stack = openStack(thread, start)!;
    thread.stack = stack;
    if (start.resume) stack.begin(start.resume.image, start.resume.result);
    else if (start.main) stack.call('_start', []);
    else {
      prepareStack(guest, stackExports(instance.exports)!, start.argument);
      stack.call('wasi_thread_start', [2, start.argument]);
    }
  }

  #imports(thread: GuestThread): WebAssembly.Imports {
    const { memory } = thread;
    const calls: Record<string, Import> = {
      args_sizes_get: (count: number, size: number) => {
        memory.setU32(count, this.#arguments.length);
        memory.setU32(size, this.#arguments.join('\0').length + 1);
        return 0;
      },
      args_get: (pointers: number, texts: number) => {
        let at = texts;
        this.#arguments.forEach((text, i) => {
          memory.setU32(pointers + 4 * i, at);
          memory.write(at, new TextEncoder().encode(`${text}\0`));
          at += text.length + 1;
        });
        return 0;
      },
      fd_write: (_fd: number, vector: number, _count: number, written: number) => {
        const bytes = memory.copy(memory.getU32(vector), memory.getU32(vector + 4));
        this.lines.push(new TextDecoder().decode(bytes).trimEnd());
        memory.setU32(written, bytes.length);
        return 0;
      },
      'thread-spawn': (argument: number) => {
        this.run({ main: false, argument });
        return 2;
      },
      stack_checkpoint: (snapshot: number, value: number) => thread.stack!.checkpoint(snapshot, value),
      stack_restore: (snapshot: number, value: bigint) =>
        this.onJump?.(thread) ?? thread.stack!.restore(snapshot, value),
      proc_fork: (_copy: number, pid: number) =>
        thread.stack!.fork(pid, (image) => this.#makeChild(image, this.memory)),
      proc_join: () => Errno.CHILD,
      callback_signal: () => undefined,
      thread_id: () => Errno.SUCCESS,
      thread_signal: (_tid: number, signal: number) => {
        thread.stack!.call('__wasm_signal', [signal]);
        return Errno.SUCCESS;
      },
      proc_exit: (code: number) => {
        throw new Error(`the program exits with ${code}`);
      },
    };
    const env = { memory: this.memory };
    return { env, wasi: calls, wasi_snapshot_preview1: calls, wasix_32v1: calls } as WebAssembly.Imports;
  }
}

function makeMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: PAGES, maximum: 1024, shared: true });
}

function copyOf(memory: WebAssembly.Memory): WebAssembly.Memory {
  const pages = memory.buffer.byteLength / 65536;
  const copy = new WebAssembly.Memory({ initial: pages, maximum: 1024, shared: true });
  new Uint8Array(copy.buffer).set(new Uint8Array(memory.buffer));
  return copy;
}

const answer = (value: bigint) => ({ errno: Errno.SUCCESS, value });

test.each([
  ['the main thread', []],
  ['another thread', ['thread']],
])('fork from %s goes on in both processes', (_, args) => {
  const images: [StackImage, WebAssembly.Memory][] = [];
  const parent = new Process(args, (image, memory) => {
    images.push([structuredClone(image), copyOf(memory)]);
    return 7;
  });
  parent.run({ main: true, argument: 0 });
  expect(parent.lines).toEqual(['parent: child above 1 1, locals 1, memory 1']);

  expect(images).toHaveLength(1);
  const [image, memory] = images[0]!;
  const child = new Process(args, () => 0, memory);
  child.run({ main: true, argument: 0, resume: { image, result: answer(0n) } });
  expect(child.lines).toEqual(['child: locals 1, memory 2', 'child: jumped with 8, locals 1, memory 2']);
});

test('the child may be made, run and over before the parent goes on', () => {
  const childLines: string[] = [];
  const parent = new Process([], (image, memory) => {
    const child = new Process([], () => 0, copyOf(memory));
    child.run({ main: true, argument: 0, resume: { image, result: answer(0n) } });
    childLines.push(...child.lines);
    return 7;
  });
  parent.run({ main: true, argument: 0 });
  expect(childLines).toHaveLength(2);
  expect(parent.lines).toEqual(['parent: child above 1 1, locals 1, memory 1']);
});

test('a stack can be resumed in its own instance, over memory that went on', () => {
  let left: StackImage | undefined;
  const both = new Process([], (image) => {
    left = image;
    return 0;
  });
  both.onJump = (thread) => thread.stack!.resume(left!, answer(7n));
  both.run({ main: true, argument: 0 });
  expect(both.lines).toEqual(['child: locals 1, memory 2', 'parent: child above 1 1, locals 1, memory 2']);
});

test('fork in a signal handler answers NOTSUP, and the handler goes on', () => {
  const made: StackImage[] = [];
  const parent = new Process(['handler'], (image) => made.push(image));
  parent.run({ main: true, argument: 0 });
  expect(parent.lines).toEqual([`fork in a handler answers ${Errno.NOTSUP}, pid 99`]);
  expect(made).toEqual([]);
});

test('a child that cannot be made is the errno of the call', () => {
  const parent = new Process([], () => fail(Errno.PERM));
  parent.run({ main: true, argument: 0 });
  expect(parent.lines).toEqual([`fork answers ${Errno.PERM}, pid 0`]);
});

test('anything else that goes wrong in making a child is thrown on', () => {
  const parent = new Process([], () => {
    throw new TypeError('a fault of the host');
  });
  expect(() => parent.run({ main: true, argument: 0 })).toThrow('a fault of the host');
});
