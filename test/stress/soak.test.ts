/** The soak in its short form: what a process holds does not grow by runs, nor a run by its threads. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/soak.mjs', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'wasix-run-soak-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const TIMEOUT = 150_000;
/** Exit code, or the signal that ended it, and all that it said: for each phase a table with a state for each check. */
const soak = (...args: readonly string[]) =>
  new Promise<{ ended: unknown; said: string }>((done) => {
    const options = { timeout: TIMEOUT - 5000 };
    execFile(process.execPath, [script, '--out', out, ...args], options, (error, stdout, stderr) => {
      const ended = error ? (error.signal ?? error.code) : 0;
      done({ ended, said: `${stdout}${stderr}` });
    });
  });

interface Sample {
  readonly done: number;
  readonly rss: number;
  readonly descriptors: number | null;
}

interface Judgement {
  readonly name: string;
  readonly state: string;
}

interface Report {
  readonly phases: readonly {
    readonly done: number;
    readonly planned: number;
    readonly failures: readonly string[];
    readonly checks: readonly Judgement[];
  }[];
}

const report = () => JSON.parse(readFileSync(join(out, 'soak.json'), 'utf8')) as Report;

it.skipIf(process.platform !== 'linux')(
  '600 runs of all kinds and 100,000 threads of one run leave memory, descriptors, threads and handles as they were',
  { timeout: TIMEOUT },
  async () => {
    const { ended, said } = await soak('--quick');
    expect(ended, said).toBe(0);
    expect(said).toContain('Nothing grew.');
    for (const { done, planned, failures, checks } of report().phases) {
      expect({ done, failures }).toEqual({ done: planned, failures: [] });
      expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual(
        ['rss', 'heap', 'external', 'addresses', 'descriptors', 'threads', 'handles'].map(
          (name) => `${name} held`,
        ),
      );
    }
    const chart = readFileSync(join(out, 'soak.svg'), 'utf8');
    expect(chart.match(/<polyline /g)).toHaveLength(14);
    expect(chart).toContain('open descriptors');
  },
);

it('a soak with too few samples to judge fails', { timeout: TIMEOUT }, async () => {
  const { ended, said } = await soak('--runs', '1', '--spawns', '0');
  expect(ended, said).toBe(1);
  expect(said).toContain('too few samples');
});

describe('growth', async () => {
  const { judgeTrend } = (await import(new URL('../../scripts/soak-trend.mjs', import.meta.url).href)) as {
    judgeTrend(samples: readonly Sample[]): readonly Judgement[];
  };
  const samples = (rss: (index: number) => number, descriptors: (index: number) => number | null) =>
    Array.from({ length: 100 }, (_, index) => ({
      done: (index + 1) * 10,
      rss: rss(index),
      descriptors: descriptors(index),
    }));
  const stateOf = (name: string, of: readonly Sample[]) =>
    judgeTrend(of).find((judgement) => judgement.name === name)?.state;

  it('of memory beyond the tolerance is told', () => {
    const steady = (index: number) => 300e6 + (index % 7) * 10e6;
    expect(
      stateOf(
        'rss',
        samples(steady, () => 20),
      ),
    ).toBe('held');
    expect(
      stateOf(
        'rss',
        samples(
          (index) => steady(index) + index * 1e6,
          () => 20,
        ),
      ),
    ).toBe('grew');
  });

  it('of the first quarter alone is not', () => {
    const settling = (index: number) => Math.min(index, 25) * 10e6;
    expect(
      stateOf(
        'rss',
        samples(settling, () => 20),
      ),
    ).toBe('held');
  });

  it('of descriptors by a single one is told, and one that is closed again is not', () => {
    const flat = () => 300e6;
    expect(
      stateOf(
        'descriptors',
        samples(flat, (index) => (index < 60 ? 20 : 21)),
      ),
    ).toBe('grew');
    expect(
      stateOf(
        'descriptors',
        samples(flat, (index) => (index === 80 ? 21 : 20)),
      ),
    ).toBe('held');
    expect(
      stateOf(
        'descriptors',
        samples(flat, () => null),
      ),
    ).toBe('not measured');
  });
});
