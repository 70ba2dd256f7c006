// This program beside that of another commit, in turns: node bench/compare.mjs COMMIT [--rounds N] [--write] [ROW…]
// With --write the ratios go to bench/results/gains.json, and from there into docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeContenders, prepareWorkplace } from './lib/contenders.mjs';
import { writeDocument } from './lib/document.mjs';
import { spread } from './lib/figures.mjs';
import { describeMachine } from './lib/machine.mjs';
import { interleave, valuesOf } from './lib/rounds.mjs';
import { showGains } from './lib/table.mjs';
import { rows as all } from './rows/all.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = here('..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const [commit, ...ids] = positionals;
if (!commit) throw new Error('name a commit to compare with');
const rows = all.filter((row) => ids.length === 0 || ids.includes(row.id));

/** The programs of another commit, built with what is installed here. */
function buildOf(name) {
  const folder = mkdtempSync(join(tmpdir(), 'wasix-run-before-'));
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  process.on('exit', () => {
    git('worktree', 'remove', '--force', folder);
    rmSync(folder, { recursive: true, force: true });
  });
  git('worktree', 'add', '--detach', '--quiet', folder, name);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build.mjs', '--no-types'], { cwd: folder, stdio: 'inherit' });
  return join(folder, 'dist');
}

/** The contenders of a row that are this program. */
function ours(row, contenders) {
  const chosen = Object.entries(row.contenders(contenders, true)).filter(([name]) =>
    name.startsWith('wasix-run'),
  );
  return Object.fromEntries(chosen);
}

const before = makeContenders(prepareWorkplace(buildOf(commit)));
const now = makeContenders(prepareWorkplace());
const gains = [];
for (const row of rows) {
  const pairs = Object.entries(ours(row, now));
  const earlier = ours(row, before);
  const contenders = Object.fromEntries(
    pairs.flatMap(([name, measure]) => [
      [`before: ${name}`, earlier[name]],
      [name, measure],
    ]),
  );
  const results = await interleave(contenders, Number(values.rounds ?? row.rounds.full), () => undefined);
  for (const [name] of pairs) {
    for (const figure of row.show.filter((key) => /_(d?ns|bytes)$/.test(key) && results[name].figures[key])) {
      const ratios = valuesOf({ of: [name, figure], against: [`before: ${name}`, figure] }, results);
      if (ratios.length === 0) continue;
      const median = (contender) => results[contender].figures[figure].median;
      gains.push({
        id: row.id,
        name,
        figure,
        before: median(`before: ${name}`),
        now: median(name),
        ratio: spread(ratios),
      });
    }
  }
}
process.stdout.write(`${showGains(gains)}\n`);

if (values.write) {
  const id = execFileSync('git', ['rev-parse', '--short', commit], { cwd: root, encoding: 'utf8' }).trim();
  writeFileSync(
    here('results/gains.json'),
    `${JSON.stringify({ machine: describeMachine(), commit: id, gains }, null, 1)}\n`,
  );
  writeDocument(JSON.parse(readFileSync(here('results/latest.json'), 'utf8')), here('../docs'));
}
