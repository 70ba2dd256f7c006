// Counts what the cases of fixtures/ show of each guest call (docs/coverage.md), from the command's own trace:
//   node scripts/coverage.mjs                 runs all cases, writes test/conformance/coverage.json and docs/coverage.md
//   node scripts/coverage.mjs GROUP/NAME…     runs some, and adds what they show
//   node scripts/coverage.mjs --check         runs them and writes nothing: ends with 1 when something is no longer shown
//   node scripts/coverage.mjs --page          writes the page anew from coverage.json
//   node scripts/coverage.mjs --print         prints it
//   --jobs N                                  cases at a time, 1 without it
//   --record FILE                             instead of test/conformance/coverage.json
// A case that fails shows nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { casesNamed, inParallel, loadTestModules } from './conformance-modules.mjs';
import { runCase } from './conformance-run.mjs';
import { wasixRun } from './conformance-runtimes.mjs';
import { coveragePage, gapsOf } from './coverage-page.mjs';
import { TraceReader } from './coverage-trace.mjs';
import { root } from './load-sources.mjs';

const pageFile = join(root, 'docs/coverage.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    record: { type: 'string', default: join(root, 'test/conformance/coverage.json') },
  },
});

const traced = {
  ...wasixRun,
  command: (run) => wasixRun.command({ ...run, options: ['--trace', ...run.options] }),
};

/** Runs the cases: for each call and each thing seen of it, the titles of the cases that show it. */
async function measure(cases, { compared, calls }) {
  const seen = {};
  const endsCaller = (call) => calls[call]?.result === 'noreturn';
  await inParallel(cases, Number(values.jobs), async (fixture) => {
    const reader = new TraceReader(endsCaller);
    const { outcome, message } = await runCase(fixture, traced, compared, (text) => reader.take(text));
    if (outcome !== 'passed') console.error(`${outcome} ${fixture.title}: ${message.slice(0, 400)}`);
    if (outcome !== 'passed') return;
    for (const [call, sights] of reader.sights()) {
      seen[call] ??= {};
      for (const sight of sights) seen[call][sight] = [...(seen[call][sight] ?? []), fixture.title];
    }
  });
  return seen;
}

/** A case is kept as long as it shows what it was named for, so that the record changes little. */
function merged(record, seen, isMeasured) {
  const result = {};
  for (const call of [...new Set([...Object.keys(record), ...Object.keys(seen)])].sort()) {
    const entry = {};
    const [before, now] = [record[call] ?? {}, seen[call] ?? {}];
    for (const sight of [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()) {
      const titles = (now[sight] ?? []).sort();
      const known = before[sight];
      const stays = known !== undefined && (titles.includes(known) || !isMeasured(known));
      const title = stays ? known : titles[0];
      if (title !== undefined) entry[sight] = title;
    }
    if (Object.keys(entry).length > 0) result[call] = entry;
  }
  return result;
}

function stillMissing(goals, record) {
  return gapsOf(goals, record).flatMap(({ name, missing }) => missing.map((sight) => `${name} ${sight}`));
}

const modules = await loadTestModules();
const record = JSON.parse(readFileSync(values.record, 'utf8'));

if (values.print) process.stdout.write(coveragePage(modules.goals, record));
else if (values.page) writeFileSync(pageFile, coveragePage(modules.goals, record));
else {
  const cases = casesNamed(modules, positionals);
  const seen = await measure(cases, modules);
  const titles = new Set(cases.map(({ title }) => title));
  const all = new Set(casesNamed(modules, []).map(({ title }) => title));
  const fresh = merged(record, seen, (title) => titles.has(title) || !all.has(title));
  const [before, now] = [stillMissing(modules.goals, record), stillMissing(modules.goals, fresh)];
  const lost = now.filter((text) => !before.includes(text));
  if (lost.length > 0) console.log(['no longer shown:', ...lost].join('\n  '));
  if (values.check) process.exitCode = lost.length > 0 ? 1 : 0;
  else {
    writeFileSync(values.record, `${JSON.stringify(fresh, null, 2)}\n`);
    writeFileSync(pageFile, coveragePage(modules.goals, fresh));
  }
}
