// Horizontal bars in panels, each panel with a scale of its own from 0.

import { box, element, line, picture, text, widthOf } from './svg.mjs';
import { plain, ticksTo } from './svg-scale.mjs';

const WIDTH = 900;
const EDGE = 16;
const BAR = 14;
const PITCH = 22;
const HEADING = 26;
const AXIS = 40;
/** Room at the right for the value beside the longest bar. */
const VALUE = 130;
const MOST_LABEL = 430;

/** A label as long as there is room for. */
const fitted = (label) =>
  widthOf(label) <= MOST_LABEL ? label : `${label.slice(0, Math.floor(MOST_LABEL / widthOf('m')) - 1)}…`;

/**
 * How far an axis goes: to the largest value, or, when a few values are far above several others, or above the budgets, so
 * far that the others can be told apart. Bars above it are cut off, with an arrow; their value stands beside them.
 */
export function reach(bars) {
  const budgets = bars.map(({ budget }) => budget).filter(Number.isFinite);
  const values = [...bars.map(({ value }) => value).filter(Number.isFinite), ...budgets].sort(
    (a, b) => a - b,
  );
  if (values.length === 0) return 1;
  const usual = budgets.length > 0 ? 4 * Math.max(...budgets) : 6 * values[(values.length - 1) >> 1];
  const within = values.filter((value) => value <= usual);
  const largest = values.at(-1);
  return largest > usual && within.length > 1 ? 1.5 * within.at(-1) : largest;
}

function bar({ label, value, low, high, shown, budget, tone, remark }, left, y, width, most) {
  const x = (figure) => left + (Math.min(figure, most) / most) * width;
  const middle = y + BAR / 2;
  const parts = [text(left - 8, middle + 4, fitted(label), { class: 'ink', 'text-anchor': 'end' })];
  if (value === undefined) return [...parts, text(left + 4, middle + 4, remark, { class: 'faint' })];
  const end = x(value);
  parts.push(box(left, y, Math.max(1, end - left), BAR, tone));
  if (value > most) {
    const arrow = `${end},${y} ${end + 9},${middle} ${end},${y + BAR}`;
    parts.push(element('polygon', { points: arrow, class: tone }));
  } else if (low !== undefined && high > low) {
    parts.push(line(x(low), middle, x(high), middle, 'ink-line'));
    for (const at of [low, high]) parts.push(line(x(at), middle - 3, x(at), middle + 3, 'ink-line'));
  }
  const beside = Math.max(end + (value > most ? 9 : 0), high === undefined || value > most ? 0 : x(high));
  const besideBudget =
    budget !== undefined && x(budget) >= beside - 2 && x(budget) < beside + 7 + widthOf(shown);
  parts.push(text((besideBudget ? x(budget) : beside) + 7, middle + 4, shown, { class: 'ink small' }));
  if (budget !== undefined) parts.push(line(x(budget), y - 4, x(budget), y + BAR + 4, 'ink-line budget'));
  return parts;
}

/** One panel from `top` on: `{ parts, height }`. */
function drawPanel({ heading, axis, bars, size = 1 }, top, left) {
  const width = WIDTH - left - VALUE;
  const ticks = ticksTo(reach(bars) / size).map((tick) => tick * size);
  const most = ticks.at(-1);
  const first = top + HEADING;
  const bottom = first + bars.length * PITCH;
  const parts = [text(EDGE, top + 14, heading, { class: 'ink heading' })];
  for (const tick of ticks) {
    const x = left + (tick / most) * width;
    parts.push(line(x, first - 4, x, bottom, 'grid-line'));
    parts.push(text(x, bottom + 14, plain(tick / size), { class: 'faint small', 'text-anchor': 'middle' }));
  }
  bars.forEach((each, index) => {
    parts.push(...bar(each, left, first + index * PITCH + 2, width, most));
  });
  parts.push(text(left + width / 2, bottom + 29, axis, { class: 'faint small', 'text-anchor': 'middle' }));
  return { parts, height: HEADING + bars.length * PITCH + AXIS };
}

/**
 * @param panels `{ heading, axis, size, bars }`: `axis` says what is measured in which unit, `size` is how many of the
 *   values make one of that unit. A bar is `{ label, value, low, high, shown, budget, tone }`, or `{ label, remark }`
 *   where there is nothing to show.
 */
export function barChart({ title, description, panels }) {
  const labels = panels.flatMap(({ bars }) => bars.map(({ label }) => widthOf(label)));
  const left = EDGE + Math.min(MOST_LABEL, Math.max(...labels)) + 10;
  const parts = [];
  let height = 44;
  for (const panel of panels) {
    const drawn = drawPanel(panel, height, left);
    parts.push(...drawn.parts);
    height += drawn.height + 8;
  }
  return picture({ width: WIDTH, height, title, description }, parts);
}
