/** Running fuzzed guests, and what of their runs is a fault of the host. */
import { setTimeout as pause } from 'node:timers/promises';
import { type RunResult, type SpawnOptions, spawn } from '../../src/index.js';
import type { WorkerMessage } from '../../src/runtime/image.js';
import { ObservedPool } from '../observed-pool.js';
import { everyCall } from './choice.js';
import { constants } from './constants.js';
import { type GuestSettings, readProgress, readStats, writeGuest } from './guest.js';
import { CONSTANTS, ERRNO_SLOTS, GUARD_BYTE, GUARDS, NO_ERRNO } from './guest-map.js';
import { Random } from './random.js';
import { Scratch } from './scratch.js';

/** The time that a run has, and the time after it in which it must be over. */
const RUN_MS = 4000;
const GRACE_MS = 15_000;

/** A pool that knows the memory of the program that was started last. */
export class FuzzPool extends ObservedPool {
  memory: Uint8Array | undefined;

  override announce(key: number, message: unknown): void {
    const content = message as WorkerMessage;
    const shared = content.type === 'process' ? content.image.memory.shared : undefined;
    if (shared) this.memory = new Uint8Array(shared.buffer);
    super.announce(key, message);
  }
}

/** What a run has come to. */
export interface FuzzOutcome {
  /** Calls made, by index and errno. */
  readonly stats: readonly Uint32Array[];
  readonly calls: number;
  /** How it ended: `exit 0`, `signal SIGUSR1`. */
  readonly end: string;
  /** What is wrong with the host; empty as it should be. */
  readonly faults: readonly string[];
}

/** Notices that tell of a fault of the host; others tell of limits reached. */
const FAULTY = /internal error|was lost|could not be ended/;

/**
 * What a trap of a guest may be: a call that cannot be answered, handlers within handlers within handlers, a stack that
 * cannot be left because it is none.
 */
const TRAPS = /unreachable|call stack|is not in the stack|leaving the stack/;

/** Runs the guest that `settings` describe. */
export async function fuzzRun(pool: FuzzPool, settings: GuestSettings): Promise<FuzzOutcome> {
  const child = writeGuest({ ...settings, seed: settings.seed + 0x4000_0000, threads: 1, calls: 60 });
  const scratch = new Scratch(child);
  const notices: string[] = [];
  try {
    const options = {
      ...scratch.options(settings.ports, settings.profile === 'wasix'),
      onNotice: (line: string) => notices.push(line),
    };
    const result = await settled(pool, settings, options);
    const faults = [...faultsOf(result, notices), ...memoryFaults(pool, settings), ...scratch.strays()];
    return summary(pool, settings, result, faults);
  } finally {
    scratch.dispose();
  }
}

/** The end of the run; an error when it does not come. */
async function settled(pool: FuzzPool, settings: GuestSettings, options: SpawnOptions): Promise<RunResult> {
  const random = new Random(settings.seed ^ 0x2545_f491);
  const guest = spawn(writeGuest(settings), {
    ...options,
    pool,
    args: ['x', 'y z'],
    env: { A: '1' },
    stdin: random.chance(50) ? 'ignore' : { text: 'to be read\n'.repeat(100) },
    stdout: 'ignore',
    stderr: 'ignore',
    maxThreads: 16,
    maxProcesses: 6,
    maxDescriptors: 256,
    timeout: RUN_MS,
  });
  const over = new AbortController();
  if (random.chance(10)) killAfter(guest, random.below(200), over.signal);
  const late = pause(RUN_MS + GRACE_MS, 'late' as const, { signal: over.signal }).catch(
    () => 'late' as const,
  );
  const result = await Promise.race([guest.wait(), late]);
  over.abort();
  if (result !== 'late') return result;
  const progress = pool.memory ? readProgress(pool.memory, settings.threads) : [];
  throw new Error(`not over after ${RUN_MS + GRACE_MS} ms; calls made: ${progress}\n${pool.describe()}`);
}

function killAfter(guest: ReturnType<typeof spawn>, milliseconds: number, signal: AbortSignal): void {
  pause(milliseconds, undefined, { signal }).then(
    () => guest.kill('SIGKILL'),
    () => undefined,
  );
}

function faultsOf(result: RunResult, notices: readonly string[]): string[] {
  const { reason, message = '', stack = '' } = result;
  const faults = notices.filter((line) => FAULTY.test(line));
  if (reason === 'fault') faults.push(`${message}\n${stack}`);
  if (reason === 'trap' && !TRAPS.test(message)) faults.push(`trap: ${message}\n${stack}`);
  return faults;
}

/** What was written where no call was to write, and answers that are no errno. */
function memoryFaults({ memory }: FuzzPool, { wild = false }: GuestSettings): string[] {
  if (!memory || wild) return [];
  const faults: string[] = [];
  // A run that was killed at once has not filled them.
  if (memory[CONSTANTS.start + constants.length - 1] === undefined || !isSetUp(memory)) return [];
  for (const { start, end } of GUARDS) {
    const changed = memory.subarray(start, end).findIndex((byte) => byte !== GUARD_BYTE);
    if (changed >= 0) faults.push(`the guard at ${start} was written to, at ${start + changed}`);
  }
  const altered = constants.findIndex((byte, i) => memory[CONSTANTS.start + i] !== byte);
  if (altered >= 0) {
    const around = Buffer.from(memory.slice(CONSTANTS.start + altered, CONSTANTS.start + altered + 32));
    faults.push(`the constants were written to, at ${CONSTANTS.start + altered}: ${around.toString('hex')}`);
  }
  readStats(memory).forEach((counts, i) => {
    if (counts[NO_ERRNO] !== 0) faults.push(`${everyCall[i]!.name} answered what is no errno`);
  });
  return faults;
}

/** Whether the guest has come to call anything. */
function isSetUp(memory: Uint8Array): boolean {
  return readStats(memory).some((counts) => counts.some((count) => count > 0));
}

function summary(
  { memory }: FuzzPool,
  { wild = false }: GuestSettings,
  result: RunResult,
  faults: readonly string[],
): FuzzOutcome {
  // The counts of a wild guest may have been written over.
  const stats = memory && !wild ? readStats(memory) : everyCall.map(() => new Uint32Array(ERRNO_SLOTS));
  const calls = stats.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0), 0);
  const { reason, exitCode, signal } = result;
  return { stats, calls, end: `${reason} ${signal ?? exitCode}`, faults };
}
