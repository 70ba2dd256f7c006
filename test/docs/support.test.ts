/** docs/support.md is what scripts/support-table.mjs makes of the sources. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { allCalls } from '../../src/abi/namespaces.js';

const calls = allCalls();

const root = fileURLToPath(new URL('../..', import.meta.url));
const written = readFileSync(`${root}/docs/support.md`, 'utf8');

test('the support table is fresh; if not, run node scripts/support-table.mjs', () => {
  const made = execFileSync(process.execPath, [`${root}/scripts/support-table.mjs`, '--print'], {
    encoding: 'utf8',
  });
  expect(written).toBe(made);
});

test('every call has a row in the support table', () => {
  const rows = written.split('\n').filter((line) => line.startsWith('| `') && line.split('|').length === 7);
  expect(rows.length).toBe(Object.keys(calls).length);
});
