// docs/benchmarks.md and its charts, written from the results alone.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgetChart, rowChart } from './row-charts.mjs';
import { showPhase } from './soak-summary.mjs';
import { showGains, showRow } from './table.mjs';

/** Where the charts are, beside the document. */
const FOLDER = 'benchmarks';

function section(row) {
  const table = showRow(row).split('\n').slice(2).join('\n');
  return `## ${row.title}\n\n![${row.title}](${FOLDER}/${row.id}.svg)\n\n\`\`\`text\n${table}\n\`\`\`\n`;
}

/** What a file of ../results/ holds, undefined where it is not there. */
function resultsOf(name) {
  try {
    return JSON.parse(readFileSync(new URL(`../results/${name}`, import.meta.url), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The last comparison with another commit, if there is one. */
function gainsSection() {
  const compared = resultsOf('gains.json');
  if (!compared) return '';
  const { machine, commit, gains } = compared;
  return `
## Before and after

Written by \`npm run bench:compare -- --write ${commit}\` (${machine.date}, Node ${machine.node}): the programs of that
commit and of this one take turns; a ratio is of this one to that one, within each round.

\`\`\`text
${showGains(gains)}
\`\`\`
`;
}

/** The last soak, if its results are there. */
function soakSection() {
  const soak = resultsOf('soak.json');
  if (!soak) return '';
  const { date, node } = soak.machine;
  return `
## Soak

Written by \`npm run soak\` (${date}, Node ${node}): programs of all kinds in one process on one pool, and threads of one
program, with what the process holds over the time. \`scripts/soak-trend.mjs\` says what counts as growth.

![What a process holds while it runs programs and threads](../bench/results/soak.svg)

\`\`\`text
${soak.phases.map(showPhase).join('\n\n')}
\`\`\`
`;
}

function text({ machine, rows, mode, peers }) {
  const { date, node, v8, system, processor, memory, load } = machine;
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. The contenders of a benchmark take turns (A B C A B C …); a figure is the
median of its rounds, a ratio the median of the ratios within each round. What threads, pipes and processes cost is
measured inside the guest program by \`clock_time_get\`; start-up is the whole process from start to exit; memory is what
is resident (VmRSS). \`bench/\` holds programs and contenders. A contender that cannot do what a benchmark asks is listed
there with the reason. The clocks of @wasmer/sdk and @wasmer/wasi go in steps of a millisecond.

In the charts the thin line at the end of a bar goes from the smallest to the largest of the rounds, and a bar with an
arrow goes on beyond the edge. Why budgets are missed is in [performance.md](performance.md).

- ${date}, ${mode} run, Node ${node} (V8 ${v8}), ${system}, ${processor}, ${memory}
- load of the machine at the start: ${load.toFixed(1)}
- peers: ${Object.entries(peers)
    .map((peer) => peer.join(' '))
    .join(', ')}

![What is used of each budget](${FOLDER}/budgets.svg)

${rows.map(section).join('\n')}${gainsSection()}${soakSection()}`;
}

/** Writes the document and its charts to a folder; charts of rows that are no more are removed. */
export function writeDocument(results, folder) {
  const charts = join(folder, FOLDER);
  rmSync(charts, { recursive: true, force: true });
  mkdirSync(charts);
  writeFileSync(join(folder, 'benchmarks.md'), text(results));
  writeFileSync(join(charts, 'budgets.svg'), budgetChart(results.rows));
  for (const row of results.rows) writeFileSync(join(charts, `${row.id}.svg`), rowChart(row));
}
