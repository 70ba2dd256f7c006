// Results as text.
const units = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** A figure with its unit, told by the end of its name: `_ns`, `_dns` (tenths of a nanosecond), `_bytes`; else a count. */
export function showValue(name, value) {
  const base = name.replace(/\.worst$/, '');
  if (base.endsWith('_bytes')) return `${(value / 1e6).toFixed(2)} MB`;
  const ns = base.endsWith('_dns') ? value / 10 : base.endsWith('_ns') ? value : undefined;
  if (ns === undefined) return String(Math.round(value));
  const [size, unit] = units.find(([least]) => Math.abs(ns) >= least) ?? [1, 'ns'];
  return `${(ns / size).toPrecision(3)} ${unit}`;
}

/** The name of a figure without its unit. */
export const label = (name) =>
  name
    .replace(/_d?ns|_bytes/, '')
    .replaceAll('_', ' ')
    .replace('.worst', ' (worst)');

function columns(rows) {
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => row[index].length)));
  const pad = (text, index) => (index < 2 ? text.padEnd(widths[index]) : text.padStart(widths[index]));
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

const ratio = (value) => value.toFixed(2);

function showCheck(check) {
  const { text, of, most, least, state, median, min, max, best, note, against } = check;
  const show = against ? ratio : (value) => showValue(of[1], value);
  const limit = against ? String(most) : showValue(of[1], most);
  const budget = note ? '' : least === undefined ? `≤ ${limit}` : `${least} to ${limit}`;
  if (state === 'not measured') return [text, budget, '–', '–', '–', note ? '' : state];
  return [
    text,
    budget,
    show(median),
    `${show(min)} – ${show(max)}`,
    against ? ratio(best) : '',
    note ? '' : state,
  ];
}

/** What changed from one commit to another: `ratio` is of now to before, in the same round. */
export function showGains(gains) {
  const lines = gains.map(({ id, name, figure, before, now, ratio: { min, median, max } }) => [
    name === 'wasix-run' ? id : `${id}: ${name.replace(/^wasix-run, /, '')}`,
    label(figure),
    showValue(figure, before),
    showValue(figure, now),
    ratio(median),
    `${ratio(min)} – ${ratio(max)}`,
  ]);
  return columns([['benchmark', 'figure', 'before', 'now', 'ratio', 'range'], ...lines]).join('\n');
}

/** One benchmark: its figures (min, median, max over the rounds), then its budgets. */
export function showRow({ title, results, show, checks }) {
  const figures = [['contender', 'figure', 'min', 'median', 'max']];
  const failures = [];
  for (const [name, { figures: found, failure, skipped }] of Object.entries(results)) {
    for (const figure of show.filter((key) => found[key])) {
      const { min, median, max } = found[figure];
      figures.push([name, label(figure), ...[min, median, max].map((value) => showValue(figure, value))]);
    }
    if (skipped) failures.push(`  ${name} is left out: ${skipped}`);
    if (failure) failures.push(`  ${name} failed: ${failure}`);
  }
  const budgets = [['ratio', 'budget', 'median', 'range', 'best to best', ''], ...checks.map(showCheck)];
  return [title, '', ...columns(figures), ...failures, '', ...columns(budgets)].join('\n');
}
