// Results of the benchmarks as charts: one for each row, and one of all budgets.
import { barChart, reach } from './svg-bars.mjs';
import { unitOf } from './svg-scale.mjs';
import { label, showValue } from './table.mjs';

const isMeasure = (name) => /_(dns|ns|bytes)$/.test(name);
const isOurs = (name) => name.startsWith('wasix-run');

/** The contenders of one figure. Who was left out, or failed, has a line that says so. */
function figurePanel(figure, results) {
  const bars = [];
  for (const [name, { figures, failure, skipped }] of Object.entries(results)) {
    const found = figures[figure];
    if (found) {
      const { min: low, median: value, max: high } = found;
      const shown = showValue(figure, value);
      bars.push({ label: name, value, low, high, shown, tone: isOurs(name) ? 'first' : 'quiet' });
    } else if (skipped) bars.push({ label: name, remark: 'left out' });
    else if (failure && Object.keys(figures).length === 0) bars.push({ label: name, remark: 'failed' });
  }
  const { unit, size } = unitOf(figure, reach(bars));
  return { heading: label(figure), axis: unit, size, bars };
}

function ratioBar({ text, median, min, max, most, note, state }) {
  if (state === 'not measured') return { label: text, remark: state };
  const told = note ? { tone: 'quiet' } : { budget: most, tone: state === 'met' ? 'third' : 'second' };
  const shown = `${median.toFixed(2)}${note ? '' : ` ${state} (≤ ${most})`}`;
  return { label: text, value: median, low: min, high: max, shown, ...told };
}

/** The chart of a row: a panel for each measured figure, then the ratios with their budgets. */
export function rowChart({ title, show, results, checks }) {
  const figures = show.filter(isMeasure).filter((name) => !name.endsWith('.worst'));
  const panels = figures.map((name) => figurePanel(name, results));
  const ratios = checks.filter(({ against }) => against).map(ratioBar);
  if (ratios.length > 0) {
    panels.push({ heading: 'ratios', axis: 'ratio; a dashed line is a budget', bars: ratios });
  }
  const description = checks
    .map(({ text, median, state }) => `${text}: ${median?.toFixed(2)} ${state}`)
    .join('; ');
  return barChart({ title, description, panels: panels.filter(({ bars }) => bars.length > 0) });
}

/** Every budget of a ratio or a size, as a part of what it allows. */
export function budgetChart(rows) {
  const bars = rows.flatMap((row) =>
    row.checks
      .filter(({ note, most, state }) => !note && most > 0 && state !== 'not measured')
      .map(({ text, median, min, max, most, state }) => ({
        label: `${row.id}: ${text}`,
        value: median / most,
        low: min / most,
        high: max / most,
        shown: `${Math.round((100 * median) / most)} % ${state}`,
        budget: 1,
        tone: state === 'met' ? 'third' : 'second',
      })),
  );
  const met = bars.filter(({ tone }) => tone === 'third').length;
  return barChart({
    title: 'Budgets: what is used of each',
    description: `${met} of ${bars.length} budgets are met; the dashed line is the budget`,
    panels: [{ heading: `${met} of ${bars.length} met`, axis: 'parts of the budget', bars }],
  });
}
