// The tables of measured results in README.md, written from the records of the last complete runs:
//   node scripts/figures.mjs            writes them; `npm run bench` and `npm run conformance -- --record` do so too
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { showValue } from '../bench/lib/table.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const README = here('../README.md');
const read = (path) => JSON.parse(readFileSync(here(path), 'utf8'));

/** What the table of benchmarks shows: the row, the figure, and what the reader is to call it. */
const SHOWN = [
  ['spawn-join', 'spawn_join_ns', 'Start a thread and join it'],
  ['barrier', 'all_running_ns', 'Start 64 threads, until all run'],
  ['hello', 'process_ns', 'Hello world, the whole process'],
  ['hello-threads', 'process_ns', 'The same, of a program that imports threads'],
  ['calls', 'fd_write_dns', '`fd_write` of no bytes'],
  ['calls', 'clock_time_get_dns', '`clock_time_get`'],
  ['file-io', 'read_4k_ns', 'Read 64 MiB in calls of 4 KiB'],
  ['file-io', 'read_64k_ns', 'Read 64 MiB in calls of 64 KiB'],
  ['ping-pong', 'round_ns', 'Futex wake-up there and back'],
  ['pipes', 'round_trip_ns', 'A byte through a pipe and back'],
];

/** The columns of that table: contenders, the first that a row has of each. */
const CONTENDERS = [
  ['wasix-run', 'wasix-run, atomic.wait'],
  ['native'],
  ['node:wasi'],
  ['@emnapi/wasi-threads'],
  ['@wasmer/sdk'],
];

const row = (cells) => `| ${cells.join(' | ')} |`;

function table(head, rows) {
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

function origin({ date, node, system, processor, memory }) {
  return `${date}, Node ${node}, ${system}, ${processor}, ${memory}`;
}

/** Medians of the last full benchmark, and which budgets they meet. */
export function benchmarkFigures({ machine, rows }) {
  const byId = new Map(rows.map((each) => [each.id, each]));
  const cell = (id, figure, names) => {
    const { results } = byId.get(id);
    const measured = names.map((name) => results[name]?.figures[figure]).find((found) => found);
    return measured ? showValue(figure, measured.median) : '–';
  };
  const lines = SHOWN.map(([id, figure, text]) => [
    text,
    ...CONTENDERS.map((names) => cell(id, figure, names)),
  ]);
  const judged = rows.flatMap(({ checks }) => checks.filter(({ note }) => !note));
  const met = judged.filter(({ state }) => state === 'met').length;
  return [
    table(['', ...CONTENDERS.map(([name]) => name)], lines),
    '',
    `Measured by \`npm run bench\`: ${origin(machine)}. Of ${judged.length} budgets ${met} are met; all figures are in`,
    '[docs/benchmarks.md](docs/benchmarks.md), why some are missed in [docs/performance.md](docs/performance.md).',
  ].join('\n');
}

/** What each runtime passed of each family of cases, of those that it can run at all. */
export function conformanceFigures(records) {
  const families = Object.keys(records[0].families);
  const cell = ({ families: counted }, family) => {
    const { cases, passed, skipped } = counted[family];
    return cases === skipped ? '–' : `${passed} of ${cases - skipped}`;
  };
  const total = (record, count) => families.reduce((sum, family) => sum + count(record.families[family]), 0);
  const lines = families.map((family) => [
    `${family} (${records[0].families[family].cases})`,
    ...records.map((record) => cell(record, family)),
  ]);
  const all = records.map(
    (record) =>
      `${total(record, ({ passed }) => passed)} of ${total(record, ({ cases, skipped }) => cases - skipped)}`,
  );
  const dates = [...new Set(records.map(({ machine }) => machine.date))].join(' and ');
  const { node, system, processor } = records[0].machine;
  return [
    table(['Family (cases)', ...records.map(({ runtime }) => runtime)], [...lines, ['all', ...all]]),
    '',
    `Measured by \`npm run conformance\`: ${dates}, Node ${node}, ${system}, ${processor}. Cases passed, of those that a runtime`,
    'can run: of the others it lacks the imports, or takes no options or files in the way that they ask for.',
  ].join('\n');
}

/** `text` with `body` in the place that is marked for `name`. */
export function withBlock(text, name, body) {
  const [begin, end] = [`<!-- ${name}, by scripts/figures.mjs -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no place for ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${body}\n\n${text.slice(to)}`;
}

/** README.md as it is to be. */
export function readmeWithFigures() {
  const text = withBlock(
    readFileSync(README, 'utf8'),
    'conformance',
    conformanceFigures(read('../test/conformance/results.json')),
  );
  return withBlock(text, 'benchmarks', benchmarkFigures(read('../bench/results/latest.json')));
}

export function writeFigures() {
  writeFileSync(README, readmeWithFigures());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFigures();
