import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionGroups } from '../../src/cli/option-table.js';
import { wasixRun } from './wasix-run.js';

test('help fits a screen of 80 by 24 and leaves a line for the prompt', async () => {
  const { status, stdout, stderr } = await wasixRun(['--help']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.length).toBeLessThan(24);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('help names every option', async () => {
  const { stdout } = await wasixRun(['-h']);
  for (const { flags } of Object.values(optionGroups).flat()) {
    expect(stdout).toContain(`  ${flags.replace(/[<>]/g, '')} `);
  }
});

test('the subcommand has help, too', async () => {
  const { status, stdout } = await wasixRun(['inspect', '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('wasix-run inspect <module.wasm>');
});

test.each(['-V', '--version'])('%s prints the version of the package', async (option) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await wasixRun([option])).toEqual({
    status: 0,
    signal: null,
    stdout: `wasix-run ${version}\n`,
    stderr: '',
  });
});
