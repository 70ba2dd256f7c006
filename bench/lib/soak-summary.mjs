// What came of a soak (scripts/soak.mjs), as text.

const units = { rss: ['MB', 1e6], heap: ['MB', 1e6], external: ['MB', 1e6], addresses: ['GB', 1e9] };

function amount(name, value) {
  const [unit, size] = units[name] ?? [];
  return unit ? `${(value / size).toFixed(1)} ${unit}` : String(value);
}

function show({ name, early, late, limit, state }) {
  const figures =
    state === 'not measured' ? ['–', '–', '–'] : [early, late, limit].map((value) => amount(name, value));
  return [name, ...figures, state];
}

function table(rows) {
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  const pad = (cell, index) => (index % 4 === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]));
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

/** One phase: how much was done, what was held in its second and in its last quarter, what failed. */
export function showPhase({ title, done, planned, seconds, checks, failures }) {
  const rows = [['held', 'second quarter', 'last quarter', 'limit', ''], ...checks.map(show)];
  return [
    `${done.toLocaleString('en-US')} ${title} of ${planned.toLocaleString('en-US')} in ${Math.round(seconds)} s`,
    ...table(rows),
    ...failures.map((failure) => `  failed: ${failure}`),
  ].join('\n');
}
