import type { WorkerOptions } from 'node:worker_threads';

/** Sizing of a pool. */
export interface PoolOptions {
  /** Prefix of the workers' names; they are called `{name}-{number}`. Default `wasix-run`. */
  readonly name?: string;
  /** Workers that are kept although idle. They are created when first needed, or by `warm`. Default 0. */
  readonly coreSize?: number;
  /** Most workers at once. A task past this is refused. Default 1024. */
  readonly maxSize?: number;
  /** Milliseconds after which an idle worker above the core ends. Default 60,000. */
  readonly keepAlive?: number;
  /** Heap limits of each worker, as for `node:worker_threads`. */
  readonly resourceLimits?: WorkerOptions['resourceLimits'];
}

/** Counters of a pool at one moment. */
export interface PoolCounters {
  /** Workers that exist. */
  readonly current: number;
  /** Workers without a task. */
  readonly idle: number;
  /** Workers with a task. */
  readonly busy: number;
  /** Tasks accepted that no worker has yet. */
  readonly pending: number;
  /** Workers created since the pool was made. */
  readonly created: number;
  /** Tasks started. */
  readonly started: number;
  /** Tasks started on a worker that had run one before. */
  readonly reused: number;
  /** Most busy workers at once. */
  readonly peak: number;
}

/** What the options say about names and numbers of workers, and what holds where they say nothing. Throws RangeError. */
export function poolSizing(
  options: PoolOptions,
): Required<Pick<PoolOptions, 'name' | 'coreSize' | 'maxSize' | 'keepAlive'>> {
  const name = options.name ?? 'wasix-run';
  const coreSize = count('coreSize', options.coreSize ?? 0, 0);
  const maxSize = count('maxSize', options.maxSize ?? Math.max(1024, coreSize), 1);
  const keepAlive = count('keepAlive', options.keepAlive ?? 60_000, 0);
  if (coreSize > maxSize) {
    throw new RangeError(`coreSize ${coreSize} is larger than maxSize ${maxSize}`);
  }
  return { name, coreSize, maxSize, keepAlive };
}

function count(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`${option} must be a whole number of at least ${least}, not ${value}`);
}
