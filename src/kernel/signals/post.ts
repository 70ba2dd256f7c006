/** Sending signals: to a thread, to a process (ABI §5.6). What becomes of them on the receiving thread is delivery.ts. */
import { Signal } from '../../abi/signal.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { loadText, storeText } from '../memory/text.js';
import { claimEnd, EndKind, isEnding, PROCESS, ProcessState } from '../processes/process-record.js';
import { withProcesses } from '../processes/process-table.js';
import { findThread, threadsOf, withThreads } from '../threads/thread-record.js';
import { THREAD, ThreadState } from '../threads/thread-words.js';
import { askThread, bitOf } from './signal-set.js';

/** Signals that do nothing to a process without a handler; all others end it, as POSIX has it. There is no job control. */
const HARMLESS: ReadonlySet<number> = new Set<number>([
  Signal.CHLD,
  Signal.CONT,
  Signal.STOP,
  Signal.TSTP,
  Signal.TTIN,
  Signal.TTOU,
  Signal.URG,
  Signal.WINCH,
]);

/** Whether `signal` ends a process that has no handler for it. */
export function endsProcess(signal: number): boolean {
  return !HARMLESS.has(signal);
}

/** Who sends: a guest thread, or the host. */
export interface Sender {
  readonly kernel: KernelMemory;
  readonly owner: number;
  /** The process it belongs to and its thread id; 0 for the host. */
  readonly process: number;
  readonly tid: number;
  /** Makes the thread with `record`, of any process, look at its signals. */
  rouse(record: number): void;
  /** Has the threads of a process end whose end has just been decided. */
  ended(process: number): void;
}

/** Whether the parent had the process ignore `signal`. */
export function isIgnored({ words }: KernelMemory, process: number, signal: number): boolean {
  return (words[process + PROCESS.IGNORED]! & bitOf(signal)) !== 0;
}

/** Whether the process takes signals itself: its libc then knows the dispositions, inherited ones included. */
export function hasHandler(kernel: KernelMemory, process: number): boolean {
  return Atomics.load(kernel.words, process + PROCESS.SIGNAL_EXPORT) !== 0;
}

/** Gives the child of a fork the handler of its parent. */
export function inheritHandler(kernel: KernelMemory, parent: number, child: number, owner: number): void {
  const name = Atomics.load(kernel.words, parent + PROCESS.SIGNAL_EXPORT);
  if (name === 0) return;
  kernel.words[child + PROCESS.SIGNAL_EXPORT] = storeText(kernel, loadText(kernel, name), owner);
}

/**
 * Sends `signal` (1 to 31) to a process: to its main thread while that lives, else to one of the others. KILL, and what
 * ends a process that takes no signals itself, ends it at once. One that is over takes none.
 */
export function signalProcess(sender: Sender, process: number, signal: number): void {
  signalFound(sender, () => process, signal);
}

/**
 * Sends `signal` to the process that `find` answers the record of, which is asked while nobody can take its place: who
 * looks first and sends then may send to the next process that has the record.
 * @returns false when `find` has answered 0, for none
 */
export function signalFound(sender: Sender, find: () => number, signal: number): boolean {
  const wake = withProcesses(sender.kernel, sender.owner, () => {
    const process = find();
    return process === 0 ? undefined : beginSignal(sender, process, signal);
  });
  wake?.();
  return wake !== undefined;
}

/**
 * The first half of `signalProcess`, for who holds the process table: the signal is sent.
 * @returns the other half, for who has let go of it: the receiver is woken
 */
export function beginSignal(sender: Sender, process: number, signal: number): () => void {
  const { kernel } = sender;
  if (Atomics.load(kernel.words, process + PROCESS.STATE) !== ProcessState.LIVE) return nothing;
  const end = defaultAction(sender, process, signal);
  if (end !== undefined) return end;
  Atomics.or(kernel.words, process + PROCESS.PENDING, bitOf(signal));
  const record = askSomeThread(kernel, process);
  return record === 0 ? nothing : () => sender.rouse(record);
}

const nothing = () => undefined;

/**
 * Sends `signal` (1 to 31) to the thread of `process` that `find` answers the record of, 0 for none, which is asked while
 * no other thread can take its place. What the signal does by default, where there is no handler, it does to the process.
 */
export function signalThread(sender: Sender, process: number, find: () => number, signal: number): void {
  const { kernel, owner } = sender;
  const wake = withThreads(kernel, owner, () => {
    const record = find();
    if (record === 0) return nothing;
    const end = defaultAction(sender, process, signal);
    if (end !== undefined) return end;
    Atomics.or(kernel.words, record + THREAD.PENDING, bitOf(signal));
    return () => sender.rouse(record);
  });
  wake();
}

/**
 * Does to a process without a handler what the signal does by default, and KILL to any.
 * @returns how its threads learn of that; undefined when the signal is to be delivered
 */
function defaultAction(sender: Sender, process: number, signal: number): (() => void) | undefined {
  const { kernel } = sender;
  if (signal !== Signal.KILL) {
    if (hasHandler(kernel, process)) return undefined;
    if (isIgnored(kernel, process, signal) || !endsProcess(signal)) return nothing;
  }
  const cause = { kind: EndKind.SIGNAL, value: signal, tid: process === sender.process ? sender.tid : 0 };
  return claimEnd(kernel, process, sender.owner, cause) ? () => sender.ended(process) : nothing;
}

/**
 * A thread of `process` has ended (ThreadState.ENDED): has another one look at the signals that it was to look at. They
 * cannot be lost between the two: who sends sets the bit and then looks at the state, the thread does the reverse.
 */
export function passSignalsOn(sender: Sender, process: number): void {
  const { kernel, owner } = sender;
  if (Atomics.load(kernel.words, process + PROCESS.PENDING) === 0) return;
  const record = withProcesses(kernel, owner, () => askSomeThread(kernel, process));
  if (record !== 0) sender.rouse(record);
}

/** Asks the main thread, or another if that is over, to look at the process's signals; answers its record, 0 for none. */
function askSomeThread(kernel: KernelMemory, process: number): number {
  const { words } = kernel;
  while (!isEnding(kernel, process)) {
    const main = findThread(kernel, process, words[process + PROCESS.PID]!);
    const record = isAlive(words, process, main)
      ? main
      : (threadsOf(kernel, process).find((one) => isAlive(words, process, one)) ?? 0);
    if (record === 0) return 0;
    askThread(words, record);
    // The record may have become another thread's: to that one the request means nothing.
    if (isAlive(words, process, record)) return record;
  }
  // It is over, or is being given another program, whose thread looks by itself at its start.
  return 0;
}

function isAlive(words: Int32Array, process: number, record: number): boolean {
  if (record === 0 || words[record + THREAD.PROCESS] !== process) return false;
  const state = Atomics.load(words, record + THREAD.STATE);
  return state === ThreadState.STARTING || state === ThreadState.RUNNING;
}
