// The benchmarks: node bench/run.mjs [--quick] [--dist DIR] [--rounds N] [ROW…]
// A complete run writes bench/results/latest.json, docs/benchmarks.md with its charts, and the table in README.md; a run
// of single rows only prints.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFigures } from '../scripts/figures.mjs';
import { makeContenders, prepareWorkplace } from './lib/contenders.mjs';
import { writeDocument } from './lib/document.mjs';
import { installPeers, pinnedPeers } from './lib/installed-peers.mjs';
import { describeMachine } from './lib/machine.mjs';
import { interleave, judge } from './lib/rounds.mjs';
import { showRow } from './lib/table.mjs';
import { rows as all } from './rows/all.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    dist: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const unknown = positionals.filter((id) => !all.some((row) => row.id === id));
if (unknown.length > 0)
  throw new Error(`no row ${unknown.join(', ')}; there are ${all.map((row) => row.id).join(', ')}`);

const say = (text) => process.stdout.write(`${text}\n`);
const progress = process.stderr.isTTY ? (text) => process.stderr.write(`\r\x1b[K${text}`) : () => {};

installPeers();
const contenders = makeContenders(prepareWorkplace(values.dist));
const machine = describeMachine();
const chosen = positionals.length > 0 ? all.filter((row) => positionals.includes(row.id)) : all;
const rows = [];
for (const row of chosen) {
  const count = Number(values.rounds ?? (values.quick ? row.rounds.quick : row.rounds.full));
  const results = await interleave(row.contenders(contenders, values.quick), count, (text) =>
    progress(`${row.id}, ${text}`),
  );
  progress('');
  const { id, title, show } = row;
  const budgets = row.checks.map(({ noteIfQuick = false, note = noteIfQuick && values.quick, ...check }) => ({
    ...check,
    note,
  }));
  const measured = { id, title, show, results, checks: budgets.map((check) => judge(check, results)) };
  say(`${showRow(measured)}\n`);
  rows.push(measured);
}

const missed = rows.flatMap((row) => row.checks.filter((check) => !check.note && check.state !== 'met'));
say(missed.length === 0 ? 'All budgets are met.' : `${missed.length} budgets are not met:`);
for (const { text, state } of missed) say(`  ${text} (${state})`);

if (chosen === all) {
  const mode = values.quick ? 'quick' : 'full';
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const measured = { machine, mode, peers: pinnedPeers(), rows };
  mkdirSync(here('results'), { recursive: true });
  writeFileSync(here('results/latest.json'), `${JSON.stringify(measured, null, 1)}\n`);
  writeDocument(measured, here('../docs'));
  writeFigures();
}
