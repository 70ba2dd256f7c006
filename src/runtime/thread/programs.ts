/**
 * Loading and starting programs from within a guest: the runtime's part of exec, spawn and fork (ABI §5).
 *
 * Who talks to whom: the thread that starts a process makes its memory and submits its main thread to the pool by
 * itself, so that it learns at once whether there is a worker for it. The image goes to the host by message; the worker
 * that has the task asks the host for it and waits (residents.ts). `exec` goes on with the next program on the worker
 * that it is called on.
 */
import { closeSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { stopwatch } from '../../kernel/clock.js';
import { fail } from '../../kernel/failure.js';
import type { HostLink } from '../../kernel/host-link.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { closeOnExec } from '../../kernel/processes/child.js';
import { endProcess } from '../../kernel/processes/end.js';
import { endOtherThreads, forgetProgram } from '../../kernel/processes/exec.js';
import type {
  ProcessControl,
  Program,
  ProgramArguments,
  ProgramFile,
} from '../../kernel/processes/process-control.js';
import { isEnding, PROCESS, takeLateEnd } from '../../kernel/processes/process-record.js';
import { nextSerial } from '../../kernel/processes/process-table.js';
import { becomeParent, endChild, handOver, returnsToParent } from '../../kernel/processes/vfork.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import type { StackImage } from '../../kernel/threads/stack-switch.js';
import { claimThread, isThreadLeaving, releaseThread } from '../../kernel/threads/thread-record.js';
import { THREAD } from '../../kernel/threads/thread-words.js';
import { POOL, type Task } from '../../pool/pool-memory.js';
import { type Submission, submit } from '../../pool/schedule.js';
import { noteDeadMemory } from '../garbage.js';
import { type ProcessImage, THREAD_TASK } from '../image.js';
import type { LoadedModule } from '../load.js';
import { isLoadError } from '../load-error.js';
import { copyMemory, withMemory } from './process-memory.js';
import { loadFile } from './program-files.js';
import type { Spawner } from './spawn-thread.js';

/** How often a start at the pool's limit looks again whether a worker has become free. */
const LOOK_MS = 2;
/** The longest that it does: a thread that is over leaves at once, unless its worker was lost in the midst of that. */
const MOST_MS = 5000;

class LoadedProgram implements Program {
  readonly name: string;
  readonly module: LoadedModule;

  constructor(name: string, module: LoadedModule) {
    this.name = name;
    this.module = module;
  }
}

/** The program that runs on this worker, and the one that is to take its place. */
export interface RunningProgram {
  readonly image: ProcessImage;
  readonly thread: GuestThread;
  readonly memory: WebAssembly.Memory | undefined;
  successor: ProcessImage | undefined;
}

export class Programs implements ProcessControl {
  readonly #running: RunningProgram;
  readonly #spawner: Spawner;
  readonly #link: HostLink;

  constructor(running: RunningProgram, spawner: Spawner, link: HostLink) {
    this.#running = running;
    this.#spawner = spawner;
    this.#link = link;
  }

  load({ hostFd, path }: ProgramFile): Program {
    try {
      return new LoadedProgram(path, loadFile(hostFd, path, this.#running.image.optimize));
    } catch (error) {
      if (!isLoadError(error)) throw error;
      // A file that is no module is the guest's own mistake; a module that lacks something is the operator's to know.
      if (error.code === 'not-linkable') this.#link.post({ type: 'notice', text: error.message });
      return fail(error.code === 'no-resources' ? Errno.NOMEM : Errno.NOEXEC);
    } finally {
      closeSync(hostFd);
    }
  }

  start(child: number, program: Program, given: ProgramArguments): void {
    const { kernel } = this.#running.thread;
    this.#begin(kernel, this.#imageOf(kernel, child, program, given));
  }

  fork(child: number, stack: StackImage): void {
    const { image, thread } = this.#running;
    const result = { errno: Errno.SUCCESS, value: 0n };
    this.#begin(thread.kernel, {
      ...image,
      ...copyMemory(image.memory, thread.memory),
      serial: thread.kernel.words[child + PROCESS.SERIAL]!,
      process: child,
      resume: { image: stack, result },
    });
  }

  replace(program: Program, given: ProgramArguments): void {
    const { thread } = this.#running;
    const { kernel, process } = thread;
    if (thread.suspended) return this.#startApart(program, given);
    const next = this.#imageOf(kernel, process, program, given);
    endOtherThreads(thread);
    closeOnExec(thread);
    forgetProgram(kernel, process, thread.owner);
    const serial = nextSerial(kernel);
    kernel.words[process + PROCESS.SERIAL] = serial;
    const image = { ...next, serial };
    this.#link.post({ type: 'process', image, worker: kernel.words[thread.record + THREAD.WORKER]! });
    kernel.words[thread.record + THREAD.TID] = kernel.words[process + PROCESS.PID]!;
    this.#running.successor = image;
    Atomics.store(kernel.words, process + PROCESS.END, 0);
    Atomics.store(kernel.words, process + PROCESS.EXEC_THREAD, 0);
    const late = takeLateEnd(kernel, process);
    if (late) endProcess(thread, late.kind, late.value);
    return thread.leave();
  }

  /** `exec` in the child of a vfork: the program gets a thread of its own, and this one goes back to being the parent. */
  #startApart(program: Program, given: ProgramArguments): void {
    const { thread } = this.#running;
    const { kernel, process } = thread;
    // Killed meanwhile, and on its way out only now.
    if (isEnding(kernel, process) && returnsToParent(thread)) return endChild(thread);
    const serial = nextSerial(kernel);
    this.#begin(kernel, { ...this.#imageOf(kernel, process, program, given), serial }, (record) => {
      handOver(thread, record);
      closeOnExec(thread);
      forgetProgram(kernel, process, thread.owner);
      kernel.words[process + PROCESS.SERIAL] = serial;
    });
    if (!returnsToParent(thread)) return thread.leave();
    becomeParent(thread);
  }

  #imageOf(
    kernel: KernelMemory,
    process: number,
    program: Program,
    { args, env }: ProgramArguments,
  ): ProcessImage {
    if (!(program instanceof LoadedProgram)) throw new TypeError('not a program of this loader');
    const { image } = this.#running;
    return {
      key: image.key,
      serial: kernel.words[process + PROCESS.SERIAL]!,
      module: program.module.module,
      traits: program.module.traits,
      waitRelay: image.waitRelay,
      memory: withMemory(() => program.module.createMemory(image.maxMemory)),
      maxMemory: image.maxMemory,
      kernel: image.kernel,
      process,
      args,
      env,
      files: image.files,
      terminal: image.terminal,
      optimize: image.optimize,
      entry: undefined,
      importsUrl: undefined,
      hostImports: [],
      trace: image.trace,
      started: image.started,
    };
  }

  /**
   * Hands the main thread of a process that has all else to the pool, which lets it wait for its program: `accepted` is
   * called before that is sent. AGAIN when the pool has no place for the thread.
   */
  #begin(kernel: KernelMemory, image: ProcessImage, accepted?: (record: number) => void): void {
    const { words } = kernel;
    const { process, serial } = image;
    const record = this.#roomFor(() => claimThread(kernel, process));
    if (!record) return fail(Errno.AGAIN);
    words[record + THREAD.TID] = words[process + PROCESS.PID]!;
    words[process + PROCESS.PEAK_LIVE] = 1;
    const before = Atomics.exchange(words, process + PROCESS.LIVE, 1);
    const task = [THREAD_TASK, image.key, record, 0, 1, serial];
    const submission = this.#roomFor(() => acceptedBy(this.#spawner.pool, task));
    if (!submission) {
      releaseThread(kernel, record, this.#running.thread.owner);
      Atomics.store(words, process + PROCESS.LIVE, before);
      return fail(Errno.AGAIN);
    }
    accepted?.(record);
    this.#link.post({ type: 'process', image, worker: -1 });
    // It is the other process's from here on.
    noteDeadMemory(image.memory.shared?.buffer.byteLength ?? 0);
    if (submission === 'grow') this.#spawner.requestGrowth();
  }

  /**
   * What `take` answers; undefined or 0 when there is no room. The end of a thread is known a moment before its worker
   * and its record are free, so they are waited for: who has waited for a child can start the next one. Not without
   * bound, for where others start and end all the time, one may always be ending and its place never be had.
   */
  #roomFor<T>(take: () => T | undefined): T | undefined {
    const { pool } = this.#spawner;
    const { thread } = this.#running;
    const began = stopwatch();
    for (;;) {
      const seen = Atomics.load(pool, POOL.CHANGE);
      const taken = take();
      if (taken) return taken;
      // What became free between the attempt and this look has changed the counter.
      const hopeless = !isThreadLeaving(thread.kernel) && Atomics.load(pool, POOL.CHANGE) === seen;
      if (hopeless || thread.ending || stopwatch() - began >= MOST_MS) return undefined;
      Atomics.wait(pool, POOL.CHANGE, seen, LOOK_MS);
    }
  }
}

function acceptedBy(pool: Int32Array, task: Task): Submission | undefined {
  const submission = submit(pool, task);
  return submission === 'full' || submission === 'closed' ? undefined : submission;
}
