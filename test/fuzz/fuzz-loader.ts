/** Fuzzing of the loader: what is no module is refused with a reason, and what is one runs or ends, and no more. */
import fc from 'fast-check';
import { compile, LoadError, type LoadErrorCode, run } from '../../src/index.js';
import { formatInspection, inspectModule } from '../../src/runtime/inspect.js';
import { readShape } from '../../src/runtime/load.js';
import { ObservedPool } from '../observed-pool.js';
import { Counts, type FuzzReport, type Limits } from './fuzz-calls.js';
import { type Mutant, mutants } from './mutants.js';
import { Watchdog } from './watchdog.js';

/** What a module may be refused as. */
const REFUSALS: ReadonlySet<LoadErrorCode> = new Set<LoadErrorCode>([
  'not-loadable',
  'not-linkable',
  'no-resources',
]);

/** The time that a module which loads may run, and the time after it in which it must be over. */
const RUN_MS = 300;
const GRACE_MS = 15_000;
const MEBIBYTE = 1024 * 1024;

/** What has come of it: `not-loadable`, `trap`. Throws what should not be. */
export async function loadMutant(pool: ObservedPool, { bytes }: Mutant): Promise<string> {
  const refusal = inspected(bytes);
  let module: ReturnType<typeof compile>;
  try {
    module = compile(bytes);
  } catch (error) {
    return checkRefusal(error);
  }
  // What cannot be read at all cannot be compiled either.
  if (refusal) throw new Error(`compiles, but inspect refuses it: ${refusal.message}`);
  return runMutant(pool, module);
}

/** Inspects the module; answers the refusal. */
function inspected(bytes: Uint8Array): LoadError | undefined {
  try {
    const text = formatInspection(inspectModule(readShape('module', bytes)), 'module');
    checkPrintable(text.replaceAll('\n', ''));
    return undefined;
  } catch (error) {
    checkRefusal(error);
    return error as LoadError;
  }
}

async function runMutant(pool: ObservedPool, module: ReturnType<typeof compile>): Promise<string> {
  const notices: string[] = [];
  const result = run(module, {
    pool,
    stdout: 'ignore',
    stderr: 'ignore',
    maxThreads: 4,
    maxProcesses: 2,
    maxMemory: 64 * MEBIBYTE,
    maxDescriptors: 64,
    timeout: RUN_MS,
    onNotice: (line) => notices.push(line),
  });
  try {
    const { reason, message = '', stack = '' } = await inTime(pool, result);
    const faults = notices.filter((line) => /internal error|was lost/.test(line));
    if (faults.length > 0) throw new Error(faults.join('\n'));
    if (reason === 'fault' && /internal error|was lost/.test(message))
      throw new Error(`${message}\n${stack}`);
    checkPrintable(message + stack.replaceAll('\n', ''));
    return reason;
  } catch (error) {
    return checkRefusal(error);
  }
}

async function inTime<T>(pool: ObservedPool, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(new Error(`not over after ${RUN_MS + GRACE_MS} ms\n${pool.describe()}`));
    timer = setTimeout(tell, RUN_MS + GRACE_MS);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A refusal has a documented code and says what is wrong in print, in one line or one for each import. */
function checkRefusal(error: unknown): string {
  if (!(error instanceof LoadError)) throw error;
  const { code, message, hint = '' } = error;
  if (!REFUSALS.has(code)) throw new Error(`refused as ${code}: ${message}`);
  const [first = '', ...rest] = message.split('\n');
  if (first === '' || /undefined|\[object|NaN/.test(message)) throw new Error(`refused with "${message}"`);
  if (rest.length > 0 && code !== 'not-linkable') throw new Error(`refused in more than a line: ${message}`);
  checkPrintable(first + rest.join('') + hint);
  return code;
}

/** A module's names may hold anything; controls would do something to the terminal that they are shown on. */
function checkPrintable(text: string): void {
  if (/\p{Cc}/u.test(text)) throw new Error(`unprintable: ${JSON.stringify(text)}`);
}

/** Loads mutants until a limit is reached; `report` takes a line for each fault. */
export async function fuzzLoader(
  seed: number,
  limits: Limits,
  report: (line: string) => void,
): Promise<FuzzReport> {
  const pool = new ObservedPool({ name: 'fuzz', maxSize: 8 });
  const watchdog = new Watchdog();
  watchdog.begin(seed);
  const ends = new Counts();
  const began = performance.now();
  let total = 0;
  const property = fc.asyncProperty(mutants, async (mutant) => {
    total++;
    ends.add(await loadMutant(pool, mutant));
  });
  const most = Math.min(limits.calls, limits.runs);
  const result = await fc.check(property, {
    seed,
    numRuns: Number.isFinite(most) ? most : 0x7fff_ffff,
    ...(Number.isFinite(limits.milliseconds) && { interruptAfterTimeLimit: limits.milliseconds }),
  });
  const milliseconds = performance.now() - began;
  await pool.shutdownJoin(2000);
  await watchdog.end();
  const faults = result.failed ? [describeFailure(result)] : [];
  for (const fault of faults) report(fault);
  return { answers: new Map(), ends, faults, runs: 1, total, milliseconds };
}

function describeFailure({ seed, counterexample, errorInstance }: fc.RunDetails<[Mutant]>): string {
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : errorInstance;
  return `seed ${seed}: ${counterexample?.[0].how}\n${why}`;
}
