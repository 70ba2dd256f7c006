// Axes: round steps, and the unit that figures are shown in.

/** Round numbers from 0 to the first that is `most` or above, `steps` of them or a few more or less. */
export function ticksTo(most, steps = 5) {
  if (!(most > 0)) return [0, 1];
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** A number as short as it is exact, with separators. */
export const plain = (value) => Number(value.toPrecision(6)).toLocaleString('en-US');

const times = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [0, 'ns'],
];

/**
 * What figures of a name are shown in, chosen for the largest: `{ unit, size }`, `size` of them to the unit. The ends of
 * names are those of table.mjs.
 */
export function unitOf(name, most) {
  const base = name.replace(/\.(worst|best)$/, '');
  if (base.endsWith('_bytes')) return { unit: 'MB', size: 1e6 };
  const toNs = base.endsWith('_dns') ? 10 : base.endsWith('_ns') ? 1 : undefined;
  if (toNs === undefined) return { unit: '', size: 1 };
  const [least, unit] = times.find(([ns]) => most / toNs >= ns);
  return { unit, size: (least || 1) * toNs };
}
