// Numbers of one contender over the rounds, and ratios between two.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Smallest, median and largest. */
export function spread(values) {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Lines `name value` of a program's output: name → the values in order. Other lines are left alone. */
export function parseFigures(text) {
  const figures = {};
  for (const [, name, value] of text.matchAll(/^(\w+) (-?\d+(?:\.\d+)?)$/gm)) {
    figures[name] ??= [];
    figures[name].push(Number(value));
  }
  return figures;
}
