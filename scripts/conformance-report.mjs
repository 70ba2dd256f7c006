// What the conformance script tells: a table by family, failures in full, JSON, JUnit, and which calls have no case.
import { importsOf } from './conformance-run.mjs';

/** How many calls without a case the table names; the JSON has them all. */
const NAMED = 12;
const outcomes = ['passed', 'failed', 'skipped'];

/** For each family of cases, how many there are and how they came out. */
export function countsByGroup(results) {
  const rows = new Map();
  for (const { group, outcome } of results) {
    const row = rows.get(group) ?? { cases: 0, passed: 0, failed: 0, skipped: 0 };
    row.cases++;
    row[outcome]++;
    rows.set(group, row);
  }
  return rows;
}

function skipReasons(results) {
  const reasons = new Map();
  for (const { outcome, message } of results) {
    if (outcome === 'skipped') reasons.set(message, (reasons.get(message) ?? 0) + 1);
  }
  return [...reasons].sort(([, a], [, b]) => b - a);
}

/** For each import module, the calls that no program with a case imports. */
export function uncovered(cases, namespaces) {
  const imported = new Set();
  for (const wasm of new Set(cases.map((fixture) => fixture.wasm))) {
    for (const { module, name } of importsOf(wasm) ?? []) imported.add(`${module}.${name}`);
  }
  return Object.entries(namespaces).map(([module, calls]) => {
    const names = Object.keys(calls);
    return {
      module,
      calls: names.length,
      without: names.filter((name) => !imported.has(`${module}.${name}`)),
    };
  });
}

/** The failures, `limit` of them in full. */
export function formatFailures(results, limit) {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const told = failed
    .slice(0, limit)
    .map(({ title, message }) => `FAILED ${title}\n  ${message.replaceAll('\n', '\n  ')}`);
  const more = failed.slice(limit).map(({ title }) => `FAILED ${title}`);
  return [...told, ...more].join('\n');
}

/** The table by family, with the reasons of skips and the calls without a case below. */
export function formatTable(runtime, results, cases, namespaces) {
  const row = (cells) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(8))).join('');
  const groups = [...countsByGroup(results)];
  const total = outcomes.map((outcome) => results.filter((result) => result.outcome === outcome).length);
  const lines = [runtime, row(['family', 'cases', ...outcomes])];
  for (const [group, counts] of groups)
    lines.push(row([group, counts.cases, ...outcomes.map((each) => counts[each])]));
  lines.push(row(['all', results.length, ...total]));
  for (const [reason, count] of skipReasons(results)) lines.push(`skipped ${count}: ${reason}`);
  for (const { module, calls, without } of uncovered(cases, namespaces)) {
    const named = without.length > 0 && without.length <= NAMED ? `, not ${without.join(', ')}` : '';
    lines.push(`${module}: ${calls - without.length} of ${calls} calls have a case${named}`);
  }
  return lines.join('\n');
}

/** Everything, for programs. Times are milliseconds. */
export function toJson(runtime, results, cases, namespaces) {
  const families = Object.fromEntries(countsByGroup(results));
  return `${JSON.stringify({ runtime, families, results, coverage: uncovered(cases, namespaces) }, null, 2)}\n`;
}

function escaped(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // XML has no way to write the other control characters.
  return text.replace(/[&<>"]/g, (character) => names[character]).replace(/[^\t\n\r\x20-\uffff]/g, '?');
}

function testcase({ group, title, outcome, message, milliseconds }) {
  const head = `    <testcase classname="${escaped(group)}" name="${escaped(title)}" time="${(milliseconds / 1000).toFixed(3)}"`;
  if (outcome === 'passed') return `${head}/>`;
  const element = outcome === 'failed' ? 'failure' : 'skipped';
  return `${head}>\n      <${element} message="${escaped(message)}"/>\n    </testcase>`;
}

/** The results in the XML that continuous integration reads. */
export function toJunit(runtime, results) {
  const suites = [...countsByGroup(results)].map(([group, { cases, failed, skipped }]) => {
    const own = results.filter((result) => result.group === group).map(testcase);
    const attributes = `name="${escaped(group)}" tests="${cases}" failures="${failed}" skipped="${skipped}"`;
    return [`  <testsuite ${attributes}>`, ...own, '  </testsuite>'].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(runtime)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}
