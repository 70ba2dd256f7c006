/**
 * The guest processes of one run on the host's side: passes their programs on to the workers, ends their threads when
 * their end has been decided, accounts for threads whose workers are lost.
 */

import { Signal } from '../../abi/signal.js';
import { stopwatch } from '../../kernel/clock.js';
import type { EndReport, HostMessage } from '../../kernel/host-link.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HEADER } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { countThreadOut } from '../../kernel/processes/completion.js';
import { wakeForEnd } from '../../kernel/processes/end.js';
import {
  claimEnd,
  EndKind,
  isEnding,
  PROCESS,
  ProcessState,
  takeLateEnd,
} from '../../kernel/processes/process-record.js';
import { findProcess, processesOf, withProcesses } from '../../kernel/processes/process-table.js';
import type { Sender } from '../../kernel/signals/post.js';
import { isThreadLeaving, releaseThread, threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD, ThreadState } from '../../kernel/threads/thread-words.js';
import type { Task } from '../../pool/pool-memory.js';
import type { WorkerPool } from '../../pool/worker-pool.js';
import { type ProcessImage, TaskWord, THREAD_TASK } from '../image.js';
import { isStandIn } from './end-threads.js';
import { HostProcess } from './host-process.js';
import { hostSender } from './host-sender.js';
import { describeThreads } from './thread-states.js';

/** How long the end of all processes may take, beyond that of the threads of each. */
const VERDICT_MS = 10_000;
const STEP_MS = 2;
/** How long the program of a process in the making may be on its way to the host. */
const UNDER_WAY_MS = 1000;
/** Rounds of waking the child of a vfork, which may have no stack to leave and then goes on waiting. */
const NUDGES = 50;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What the run wants to know. */
export interface ProcessEvents {
  /** Key of the run in its pool. */
  readonly key: number;
  /** The end of the process `pid` has been decided. Its threads are being ended. */
  ended(pid: number, report: EndReport | undefined): void;
  notice(text: string): void;
}

export class RunProcesses {
  /** The host, to send signals. */
  readonly sender: Sender;
  readonly #kernel: KernelMemory;
  readonly #pool: WorkerPool;
  readonly #events: ProcessEvents;
  readonly #processes = new Map<number, HostProcess>();
  readonly #finishing = new Map<number, Promise<void>>();
  readonly #stuck = new Set<number>();
  /** Workers that wait for programs whose news has not come, by serial number. */
  readonly #needing = new Map<number, number[]>();

  constructor(kernel: KernelMemory, pool: WorkerPool, events: ProcessEvents) {
    this.#kernel = kernel;
    this.#pool = pool;
    this.#events = events;
    this.sender = hostSender(kernel, {
      memoryOf: (process) => this.#memoryOf(process),
      ended: (process) => this.#decided(process, undefined),
    });
  }

  /** Takes in the program that the run begins with. */
  begin(image: ProcessImage): void {
    this.#processAt(image.process).announce(image);
  }

  /**
   * A process begins to run a program, which `worker` has already (−1: none has). It may have been ended while the news
   * was on its way.
   */
  adopt(image: ProcessImage, worker: number): void {
    const { process, serial } = image;
    const known = this.#processAt(process);
    known.offer(image);
    if (worker >= 0) known.credit(serial, worker);
    for (const needing of this.#needing.get(serial) ?? []) known.deliver(serial, needing);
    this.#needing.delete(serial);
    if (isEnding(this.#kernel, process)) this.#finish(process);
  }

  /** A worker has a task of a program that it does not know. The news of the program may come later. */
  need({ serial, worker }: HostMessage & { type: 'need' }): void {
    for (const process of this.#processes.values()) if (process.deliver(serial, worker)) return;
    this.#needing.set(serial, [...(this.#needing.get(serial) ?? []), worker]);
  }

  #processAt(process: number): HostProcess {
    let known = this.#processes.get(process);
    if (!known) {
      known = new HostProcess(this.#kernel, process, this.#pool);
      this.#processes.set(process, known);
    }
    return known;
  }

  /** A guest thread has decided the end of a process. */
  end({ process, pid, serial, report }: HostMessage & { type: 'ended' }): void {
    if (this.#kernel.words[process + PROCESS.SERIAL] === serial) this.#decided(process, report);
    // Its parent has waited for it already, and another process may be in its place.
    else if (report) this.#events.ended(pid, report);
  }

  /**
   * Decides the end of `process`, unless it is decided already.
   * @returns whether it was not
   */
  endByHost(process: number, kind: EndKind, value: number, report?: EndReport): boolean {
    const tid = report?.tid ?? 0;
    if (!claimEnd(this.#kernel, process, HOST_OWNER, { kind, value, tid })) return false;
    this.#decided(process, report);
    return true;
  }

  /** A worker is gone with one of our threads: out of memory, or ended by us because its thread ran guest code. */
  lose(task: Task, message: string): void {
    if (task[TaskWord.KIND] !== THREAD_TASK) return;
    const record = task[TaskWord.RECORD]!;
    const { words } = this.#kernel;
    const process = words[record + THREAD.PROCESS]!;
    // Where a process is being given another program its threads are ended on purpose, but for the one that does it.
    const replacing = Atomics.load(words, process + PROCESS.EXEC_THREAD);
    if (replacing === 0 || replacing === record) {
      const report = { kind: EndKind.FAULT, tid: words[record + THREAD.TID]!, message, stack: '' };
      if (!this.endByHost(process, EndKind.FAULT, 0, report)) this.#announceFor(record, process, report);
    }
    this.#loseStandIn(record);
    this.#countOut(record, process);
  }

  /**
   * The thread of `record` is gone, and the end of its process was decided before. If it was this thread that decided,
   * it may have been lost before it could tell: all that it told has arrived. If it was at an `exec`, nobody will finish
   * that: the claim was no end, and now there is one, of those that came meanwhile or this.
   */
  #announceFor(record: number, process: number, report: EndReport): void {
    const { words } = this.#kernel;
    if (words[process + PROCESS.END_TID] !== report.tid) return;
    if (Atomics.load(words, process + PROCESS.EXEC_THREAD) === record) {
      const { kind, value } = takeLateEnd(this.#kernel, process) ?? { kind: EndKind.FAULT, value: 0 };
      words[process + PROCESS.END_VALUE] = value;
      Atomics.store(words, process + PROCESS.END_KIND, kind);
      Atomics.store(words, process + PROCESS.EXEC_THREAD, 0);
    }
    const kind = words[process + PROCESS.END_KIND];
    this.#decided(process, kind === EndKind.FAULT || kind === EndKind.TRAP ? report : undefined);
  }

  /** The vfork child that ran on the thread of `record` is gone with it (processes/vfork.ts). */
  #loseStandIn(record: number): void {
    const { words } = this.#kernel;
    const standIn = Atomics.exchange(words, record + THREAD.STAND_IN, 0);
    if (standIn === 0) return;
    const child = words[standIn + THREAD.PROCESS]!;
    if (child === 0) return releaseThread(this.#kernel, standIn, HOST_OWNER);
    this.endByHost(child, EndKind.SIGNAL, Signal.KILL);
    this.#countOut(standIn, child);
  }

  /** The memory that `process` runs in: its parent's while it is the child of a vfork. */
  #memoryOf(process: number): GuestMemory | undefined {
    const { words } = this.#kernel;
    const known = this.#processes.get(process);
    if (known?.isRunning(words[process + PROCESS.SERIAL]!)) return known.memory;
    return this.#processes.get(findProcess(this.#kernel, words[process + PROCESS.PARENT]!))?.memory;
  }

  /** Ends every process that is left. Resolves when none has a thread any more, and all workers are back in the pool. */
  async endAll(): Promise<void> {
    withProcesses(this.#kernel, HOST_OWNER, () => {
      this.#kernel.words[HEADER.CLOSING] = 1;
    });
    const began = stopwatch();
    const deadline = began + VERDICT_MS;
    for (let left = this.#living(); left.length > 0; left = this.#living()) {
      for (const process of left) {
        claimEnd(this.#kernel, process, HOST_OWNER, { kind: EndKind.SIGNAL, value: Signal.KILL, tid: 0 });
        this.#finish(process);
      }
      await Promise.all(this.#finishing.values());
      // The program of a process in the making is on its way to the host, or its maker gives it up.
      if (this.#living().length > 0) await pause(STEP_MS);
      if (stopwatch() > began + UNDER_WAY_MS) await this.#endUnmade();
      if (stopwatch() > deadline) break;
    }
    await Promise.all(this.#finishing.values());
    // The last thread of a process counts itself out first and gives its worker back then.
    while (isThreadLeaving(this.#kernel) && stopwatch() < deadline) await pause(STEP_MS);
  }

  /**
   * Ends the workers that wait for the program of a process in the making: whoever was about to send it, a thread of
   * another process, is gone.
   */
  async #endUnmade(): Promise<void> {
    const unmade = this.#living().filter((process) => !this.#processes.has(process));
    const serials = new Set(unmade.map((process) => this.#kernel.words[process + PROCESS.SERIAL]));
    if (serials.size === 0) return;
    await this.#pool.endTasks(this.#events.key, (task) => serials.has(task[TaskWord.SERIAL]!));
  }

  #living(): number[] {
    return processesOf(this.#kernel).filter((process) => this.#isAlive(process) && !this.#stuck.has(process));
  }

  withdraw(): void {
    for (const process of this.#processes.values()) process.withdraw();
    this.#processes.clear();
  }

  #decided(process: number, report: EndReport | undefined): void {
    const { words } = this.#kernel;
    if (words[process + PROCESS.END_KIND] !== EndKind.EXEC)
      this.#events.ended(words[process + PROCESS.PID]!, report);
    void this.#wakeStandIn(process);
    this.#finish(process);
  }

  /**
   * The child of a vfork that is killed leaves by itself once it is woken (kernel/processes/vfork.ts). If it was only
   * about to wait on guest memory it misses that, so it is repeated.
   */
  async #wakeStandIn(process: number): Promise<void> {
    const { words } = this.#kernel;
    const waits = (record: number) =>
      isStandIn(this.#kernel, record) && Atomics.load(words, record + THREAD.ADDRESS) !== 0;
    for (let round = 0; round < NUDGES && isEnding(this.#kernel, process); round++) {
      const memory = this.#memoryOf(process);
      if (!memory || !threadsOf(this.#kernel, process).some(waits)) return;
      wakeForEnd(this.#kernel, memory, process);
      await pause(STEP_MS);
    }
  }

  /** Ends the threads of a process, if its program has reached the host; else `adopt` comes back here. */
  #finish(process: number): void {
    if (this.#finishing.has(process)) return;
    const finishing = this.#endThreads(process).finally(() => this.#finishing.delete(process));
    this.#finishing.set(process, finishing);
  }

  async #endThreads(process: number): Promise<void> {
    for (let known = this.#processes.get(process); known; known = this.#processes.get(process)) {
      wakeForEnd(this.#kernel, known.memory, process);
      this.#cancelPending(process);
      const stuck = await known.finish();
      if (stuck.length > 0) return this.#accuse(process);
      if (!this.#isAlive(process)) return this.#dismiss(process, known);
      // Its record may by now be another process's, which is ending too; or its threads ended for another program.
      if (!known.hasThreadsToEnd()) return;
    }
  }

  /** True until the last thread is gone, and for a process that goes on with another program. */
  #isAlive(process: number): boolean {
    return Atomics.load(this.#kernel.words, process + PROCESS.STATE) === ProcessState.LIVE;
  }

  #dismiss(process: number, known: HostProcess): void {
    if (this.#processes.get(process) === known) this.#processes.delete(process);
    known.withdraw();
  }

  #accuse(process: number): void {
    this.#stuck.add(process);
    const states = describeThreads(this.#kernel, process);
    this.#events.notice(`threads could not be ended; this is a fault of wasix-run:\n${states}`);
  }

  /** Threads that no worker has taken up yet never will be. */
  #cancelPending(process: number): void {
    const { words } = this.#kernel;
    // Before the other look: once this process is gone, its record may be another's, which is not ending.
    const serial = words[process + PROCESS.SERIAL]!;
    if (!isEnding(this.#kernel, process)) return;
    const ofProcess = (task: Task) => task[TaskWord.SERIAL] === serial;
    for (const task of this.#pool.cancelPending(this.#events.key, ofProcess)) {
      this.#countOut(task[TaskWord.RECORD]!, process);
    }
  }

  /** Does for a thread that is gone without it what a thread does at its end. */
  #countOut(record: number, process: number): void {
    const counted = this.#kernel.words[record + THREAD.STATE] === ThreadState.ENDED;
    releaseThread(this.#kernel, record, HOST_OWNER);
    if (!counted) return countThreadOut(this.sender, process, () => undefined);
    // Lost in the midst of counting itself out as the last: what it has not closed is closed with the run.
    const isLeft = isEnding(this.#kernel, process) && this.#isAlive(process);
    if (isLeft && threadsOf(this.#kernel, process).length === 0) this.#stuck.add(process);
  }
}
