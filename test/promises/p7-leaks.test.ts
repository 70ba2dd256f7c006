/** P7: after many runs in one process nothing is left: no descriptor, no OS thread, no handle, no memory. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const RUNS = 1000;
const TIMEOUT = 120_000;
/**
 * Between run 200 and run 1,000 the resident set settles: each worker's heap grows until its first collections. A
 * guest memory that stays behind takes at least 64 KiB a run, 51 MB in all, and its kernel memory as much again.
 */
const MARGIN_BYTES = 80e6;

interface Counters {
  readonly runs: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly workers: number;
  readonly resources: readonly string[];
  readonly rss: number;
  readonly heapUsed: number;
}

describe.skipIf(process.platform !== 'linux')(
  '1,000 runs in one process with one pool (counted in /proc)',
  () => {
    it('hold as many descriptors, threads and handles at the end as after the first fifty, and no more memory', {
      timeout: TIMEOUT,
    }, async () => {
      const args = [
        '--expose-gc',
        here('./leak-counters.mjs'),
        new URL('../../dist/index.js', import.meta.url).href,
        here('../../fixtures'),
        String(RUNS),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT - 5000 });
      const lines = stdout.trim().split('\n');
      const { after } = JSON.parse(lines.pop()!) as { after: string[] };
      const counters = lines.map((line) => JSON.parse(line) as Counters);
      const [early, last] = [counters[0]!, counters.at(-1)!];
      const held = ({ descriptors, threads, workers, resources }: Counters) => ({
        descriptors,
        threads,
        workers,
        resources,
      });
      expect(last.runs).toBe(RUNS);
      expect(held(last)).toEqual(held(early));
      expect(after).toEqual([]);
      const settled = counters.find(({ runs }) => runs === 200)!;
      const growth = { rss: last.rss - settled.rss, heapUsed: last.heapUsed - settled.heapUsed };
      expect(growth.rss, JSON.stringify(counters)).toBeLessThan(MARGIN_BYTES);
      expect(growth.heapUsed, JSON.stringify(counters)).toBeLessThan(4e6);
    });
  },
);
