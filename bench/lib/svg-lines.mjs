// Lines over a count, in panels: columns for what was done, one under the other what was held.

import { box, element, line, picture, text, widthOf } from './svg.mjs';
import { plain, ticksTo } from './svg-scale.mjs';

const EDGE = 16;
const COLUMN = 460;
const ROW = 200;
const TOP = 44;
/** Inside a panel: room for the numbers and the name of the axes, and for the names of the lines. */
const LEFT = 62;
const RIGHT = 32;
const ABOVE = 38;
const BELOW = 46;

const middle = { 'text-anchor': 'middle' };

/** Names of the lines, side by side above the panel, each with a piece of its line. */
function legend(lines, x, y) {
  const parts = [];
  let at = x;
  for (const { name, tone } of lines) {
    parts.push(
      element('line', {
        x1: at,
        y1: y - 4,
        x2: at + 16,
        y2: y - 4,
        class: `${tone}-line`,
        'stroke-width': 3,
      }),
    );
    parts.push(text(at + 21, y, name, { class: 'ink small' }));
    at += 32 + widthOf(name);
  }
  return parts;
}

/**
 * @param panel `{ heading, xAxis, yAxis, lines, bands }`: a line is `{ name, tone, points: [[x, y], …] }`, a band the
 *   two x between which the background is tinted.
 */
function drawPanel({ heading, xAxis, yAxis, lines, bands = [] }, x0, y0) {
  const points = lines.flatMap((each) => each.points);
  const xTicks = ticksTo(Math.max(1, ...points.map(([x]) => x)), 4);
  const yTicks = ticksTo(Math.max(1, ...points.map(([, y]) => y)), 4);
  const [left, right, top, bottom] = [x0 + LEFT, x0 + COLUMN - RIGHT, y0 + ABOVE, y0 + ROW - BELOW];
  const toX = (x) => left + (x / xTicks.at(-1)) * (right - left);
  const toY = (y) => bottom - (y / yTicks.at(-1)) * (bottom - top);
  const parts = [text(left, y0 + 12, heading, { class: 'ink heading' }), ...legend(lines, left, y0 + 29)];
  for (const [from, to] of bands) parts.push(box(toX(from), top, toX(to) - toX(from), bottom - top, 'band'));
  for (const y of yTicks) {
    parts.push(line(left, toY(y), right, toY(y), 'grid-line'));
    parts.push(text(left - 6, toY(y) + 4, plain(y), { class: 'faint small', 'text-anchor': 'end' }));
  }
  for (const x of xTicks)
    parts.push(text(toX(x), bottom + 15, plain(x), { class: 'faint small', ...middle }));
  parts.push(text((left + right) / 2, bottom + 31, xAxis, { class: 'faint small', ...middle }));
  const [axisX, axisY] = [x0 + 12, (top + bottom) / 2];
  const turned = `rotate(-90 ${axisX} ${axisY})`;
  parts.push(text(axisX, axisY, yAxis, { class: 'faint small', ...middle, transform: turned }));
  for (const each of lines) {
    const path = each.points.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ');
    parts.push(element('polyline', { points: path, class: `${each.tone}-line` }));
  }
  return parts;
}

/** @param columns lists of panels, from the top down */
export function lineChart({ title, description, caption, columns }) {
  const width = 2 * EDGE + columns.length * COLUMN;
  const bottom = TOP + ROW * Math.max(...columns.map((panels) => panels.length));
  const drawn = columns.flatMap((panels, column) =>
    panels.flatMap((panel, row) => drawPanel(panel, EDGE + column * COLUMN, TOP + row * ROW)),
  );
  const parts = [...drawn, text(EDGE, bottom + 10, caption, { class: 'faint small' })];
  return picture({ width, height: bottom + 24, title, description }, parts);
}
