// Runs programs over and over and looks whether anything grows: node scripts/soak.mjs
//   --runs N      runs in one process, 100,000 without it
//   --spawns N    threads spawned and joined by one program, 1,000,000 without it
//   --minutes N   most time; four fifths of it for the runs. What was not done by then is left out
//   --quick       a short form: 600 runs, 100,000 spawns
//   --dist DIR    the build that is run, dist/ without it
//   --out DIR     where soak.json and soak.svg go, bench/results without it (nowhere for --quick)
// Ends with 1 when a run ended wrongly or something grew; scripts/soak-trend.mjs says what counts as growth.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareWorkplace } from '../bench/lib/contenders.mjs';
import { describeMachine } from '../bench/lib/machine.mjs';
import { showPhase } from '../bench/lib/soak-summary.mjs';
import { soakChart } from './soak-chart.mjs';
import { judgeTrend } from './soak-trend.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    spawns: { type: 'string' },
    minutes: { type: 'string' },
    quick: { type: 'boolean', default: false },
    dist: { type: 'string' },
    out: { type: 'string' },
  },
});

function number(name, otherwise) {
  const value = Number(values[name] ?? otherwise);
  if (Number.isNaN(value) || value < 0) throw new Error(`--${name} takes a number, not ${values[name]}`);
  return value;
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** A phase that says nothing for so long hangs. */
const SILENT_MS = 180_000;
const MOST_FAILURES = 20;
const say = (line) => process.stdout.write(`${line}\n`);
const progress = process.stderr.isTTY ? (line) => process.stderr.write(`\r\x1b[K${line}`) : () => {};

function read(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { failure: `unreadable: ${line.slice(0, 200)}` };
  }
}

/** Runs a phase in a process of its own: `{ samples, failures, done, seconds }`. */
async function runPhase(script, job, flags) {
  const args = [...flags, here(script), JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
  const phase = { samples: [], failures: [], done: 0, seconds: 0 };
  let finished = false;
  const hang = setTimeout(() => {
    phase.failures.push(`nothing happened for ${SILENT_MS / 1000} s`);
    child.kill('SIGKILL');
  }, SILENT_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    hang.refresh();
    const { failure, left, ...told } = read(line);
    if (failure !== undefined) {
      if (phase.failures.push(failure) >= MOST_FAILURES) child.kill('SIGKILL');
      continue;
    }
    Object.assign(phase, { done: told.done, seconds: told.seconds });
    progress(`${told.done} of ${job.planned}`);
    if (left === undefined) phase.samples.push(told);
    else {
      finished = true;
      const open = left.filter((name) => !/^(Pipe|TTY|File|FSReq)/.test(name));
      if (open.length > 0) phase.failures.push(`left at the end: ${open.join(', ')}`);
    }
  }
  clearTimeout(hang);
  const status = await exit;
  if (!finished || status !== 0) phase.failures.push(`the process ended with ${status} after ${phase.done}`);
  progress('');
  return phase;
}

const limitMs = values.minutes === undefined ? undefined : number('minutes') * 60_000;
const { dist } = prepareWorkplace(values.dist);
const index = pathToFileURL(join(dist, 'index.js')).href;
// Most of what is resident is garbage that no worker had to collect yet. With little room for new objects there is less of
// it to hide what is lost, and heaps reach their size soon. Without the second flag what is resident during the spawns settles
// anywhere from 200 to 310 MB, and late if the load of the machine changes.
const flags = ['--max-semi-space-size=1', '--optimize-for-size'];
const phases = [
  {
    title: 'runs',
    xAxis: 'runs of all kinds, in one process on one pool',
    script: './soak-runs.mjs',
    planned: number('runs', values.quick ? 600 : 100_000),
    share: 4 / 5,
  },
  {
    title: 'spawns',
    xAxis: 'threads spawned and joined by one program',
    script: './soak-spawns.mjs',
    planned: number('spawns', values.quick ? 100_000 : 1_000_000),
    share: 1 / 5,
  },
].filter(({ planned }) => planned > 0);

const measured = [];
for (const { title, xAxis, script, planned, share } of phases) {
  // JSON has no Infinity; a day is none that matters.
  const pace = { planned, limitMs: (limitMs ?? 86_400_000) * share, samples: values.quick ? 48 : 120 };
  const job = { index, fixtures: here('../fixtures'), guests: here('../bench/guests'), ...pace };
  const phase = await runPhase(script, job, flags);
  const checks = judgeTrend(phase.samples, values);
  if (checks.every(({ state }) => state === 'not measured')) phase.failures.push('too few samples to judge');
  measured.push({ title, xAxis, planned, ...phase, checks });
  say(showPhase(measured.at(-1)));
}

const out = values.out ?? (values.quick ? undefined : here('../bench/results'));
if (out !== undefined) {
  const results = { machine: describeMachine(), phases: measured };
  mkdirSync(out, { recursive: true });
  writeFileSync(resolve(out, 'soak.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(resolve(out, 'soak.svg'), soakChart(results));
}
const wrong = measured.some(
  ({ failures, checks }) => failures.length > 0 || checks.some(({ state }) => state === 'grew'),
);
say(wrong ? 'The soak failed.' : 'Nothing grew.');
process.exitCode = wrong ? 1 : 0;
