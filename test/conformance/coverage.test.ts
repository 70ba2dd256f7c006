/** docs/coverage.md and the record behind it tell of the calls, errnos and cases that there are. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { casesOf, groups } from './cases.js';
import { goals } from './goals.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const record: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(`${root}/test/conformance/coverage.json`, 'utf8'),
);

function coverage(...args: string[]) {
  return spawnSync(process.execPath, [`${root}/scripts/coverage.mjs`, ...args], { encoding: 'utf8' });
}

describe('the coverage page', () => {
  it('is fresh; if not, run node scripts/coverage.mjs --page', () => {
    expect(readFileSync(`${root}/docs/coverage.md`, 'utf8')).toBe(coverage('--print').stdout);
  });

  it('has a row for every call that is implemented', () => {
    const page = readFileSync(`${root}/docs/coverage.md`, 'utf8');
    expect(goals.filter(({ name }) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  it('rests on cases that there are; if not, run node scripts/coverage.mjs', () => {
    const titles = new Set(groups().flatMap((group) => casesOf(group).map(({ title }) => title)));
    const named = Object.values(record).flatMap((sights) => Object.values(sights));
    expect([...new Set(named)].filter((title) => !titles.has(title))).toEqual([]);
  });

  it('excuses nothing that a case shows', () => {
    const shown = goals.flatMap(({ name, excused }) =>
      Object.keys(excused).filter((sight) => record[name]?.[sight] !== undefined),
    );
    expect(shown).toEqual([]);
  });
});

describe('the cases', () => {
  it('show what the record says of them, those of a few programs', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = coverage('--check', 'preview1/clock', 'preview1/badf', 'wasix/errnos');
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: '' });
  });

  it('are found out when they do not', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'coverage-record-'));
    try {
      const file = join(folder, 'record.json');
      writeFileSync(file, JSON.stringify({ fd_close: { SUCCESS: 'preview1/clock' }, fd_sync: {} }));
      const { status, stdout } = coverage('--check', '--record', file, 'preview1/clock');
      expect({ status, stdout }).toEqual({ status: 1, stdout: 'no longer shown:\n  fd_close SUCCESS\n' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
