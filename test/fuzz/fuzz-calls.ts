/** Fuzzing of the calls: one guest after the other, each from a seed of its own. */
import { errnoName } from '../../src/abi/errno.js';
import type { CallName } from '../../src/abi/namespaces.js';
import { everyCall } from './choice.js';
import type { GuestSettings } from './guest.js';
import { Random } from './random.js';
import { FuzzPool, fuzzRun } from './run-guest.js';
import { freePorts } from './scratch.js';
import { Watchdog } from './watchdog.js';

/** When to stop: what comes first. */
export interface Limits {
  readonly milliseconds: number;
  readonly calls: number;
  readonly runs: number;
}

/** What has been found. */
export interface FuzzReport {
  /** How often each call was answered with each errno, by name. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** How often runs ended in each way. */
  readonly ends: ReadonlyMap<string, number>;
  /** A text for each fault of the host, with the seed that shows it. */
  readonly faults: readonly string[];
  readonly runs: number;
  /** Calls made, or modules loaded. */
  readonly total: number;
  readonly milliseconds: number;
}

/** Faults after which it is enough. */
const MOST_FAULTS = 10;
const CALLS_OF_A_THREAD = 8000;

/** A program of preview1 has no handlers: most of its signals would end it. */
const raises: ReadonlySet<CallName> = new Set<CallName>(['proc_raise']);

/** The guest of a seed: mostly all calls, in some threads. */
function settingsOf(seed: number, ports: readonly number[]): GuestSettings {
  const random = new Random(seed ^ 0x6a09_e667);
  const profile = random.chance(85) ? 'wasix' : 'preview1';
  const calls = CALLS_OF_A_THREAD;
  const threads = 2 + random.below(6);
  const settings = { seed, ports, profile, calls, threads, wild: random.chance(15) } as const;
  if (profile === 'wasix' && random.chance(5)) return { ...settings, wild: true, pretender: true };
  return profile === 'preview1' && random.chance(80) ? { ...settings, without: raises } : settings;
}

/** Counts by name. */
export class Counts extends Map<string, number> {
  add(name: string, count = 1): void {
    this.set(name, (this.get(name) ?? 0) + count);
  }
}

/** Runs guests from `seed` on until a limit is reached; `report` takes a line for each fault. */
export async function fuzzCalls(
  seed: number,
  limits: Limits,
  report: (line: string) => void,
): Promise<FuzzReport> {
  const pool = new FuzzPool({ name: 'fuzz', maxSize: 24 });
  const ports = await freePorts();
  const watchdog = new Watchdog();
  const answers = new Map<string, Counts>();
  const ends = new Counts();
  const faults: string[] = [];
  const began = performance.now();
  let total = 0;
  let runs = 0;
  const goesOn = () =>
    performance.now() - began < limits.milliseconds &&
    total < limits.calls &&
    runs < limits.runs &&
    faults.length < MOST_FAULTS;
  while (goesOn()) {
    const own = seed + runs++;
    watchdog.begin(own);
    const outcome = await fuzzRun(pool, settingsOf(own, ports)).catch((error: unknown) => {
      throw new Error(`seed ${own}: ${error instanceof Error ? error.message : error}`, { cause: error });
    });
    total += outcome.calls;
    ends.add(outcome.end);
    addAnswers(answers, outcome.stats);
    for (const fault of outcome.faults) {
      faults.push(`seed ${own}: ${fault}`);
      report(`seed ${own}: ${fault}`);
    }
  }
  await pool.shutdownJoin(2000);
  await watchdog.end();
  return { answers, ends, faults, runs, total, milliseconds: performance.now() - began };
}

function addAnswers(answers: Map<string, Counts>, stats: readonly Uint32Array[]): void {
  stats.forEach((counts, call) => {
    const { name } = everyCall[call]!;
    const known = answers.get(name) ?? new Counts();
    answers.set(name, known);
    counts.forEach((count, errno) => {
      if (count > 0) known.add(errnoName(errno), count);
    });
  });
}
