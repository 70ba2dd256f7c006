/** Every example that the documentation marks as runnable runs, and prints what the documentation says. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Example, examplesOf } from './examples.js';
import { makeWorkplace, type Workplace } from './workplace.js';

const DEADLINE_MS = 20_000;

const documents = ['README.md', 'docs/api.md', 'docs/cli.md', 'docs/threads.md', 'docs/networking.md'];
const examples = documents.flatMap(examplesOf);

let workplace: Workplace;
beforeEach(() => {
  workplace = makeWorkplace();
});
afterEach(() => workplace.dispose());

function execute({ language, code }: Example) {
  const file = join(workplace.path, language === 'js' ? 'example.mjs' : 'example.sh');
  writeFileSync(file, code);
  return spawnSync(language === 'js' ? process.execPath : 'bash', [file], {
    cwd: workplace.path,
    env: { ...process.env, PATH: workplace.searchPath },
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
}

test('each document has runnable examples', () => {
  expect([...new Set(examples.map(({ document }) => document))]).toEqual(documents);
});

test.each(examples.map((example) => ({ ...example, where: `${example.document}:${example.line}` })))(
  'the example at $where runs and prints what is said',
  (example) => {
    const { status, signal, stdout, stderr } = execute(example);
    expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({
      status: 0,
      signal: null,
      stderr: '',
    });
    if (example.output !== undefined) expect(stdout).toBe(example.output);
  },
);
