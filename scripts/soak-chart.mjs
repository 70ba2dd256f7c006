// What a soak held, as a chart: a column for each phase, panels of memory, of heaps, of counts.
import { lineChart } from '../bench/lib/svg-lines.mjs';

const MB = 1e6;

const panels = [
  { heading: 'Memory', yAxis: 'MB', size: MB, lines: [['rss', 'resident set', 'first']] },
  {
    heading: 'The host’s heap, after a collection',
    yAxis: 'MB',
    size: MB,
    lines: [
      ['heap', 'heap in use', 'first'],
      ['external', 'external', 'second'],
    ],
  },
  {
    heading: 'Address space',
    yAxis: 'GB',
    size: 1e9,
    lines: [['addresses', 'taken', 'first']],
  },
  {
    heading: 'Held of the system',
    yAxis: 'count',
    size: 1,
    lines: [
      ['descriptors', 'open descriptors', 'first'],
      ['threads', 'threads', 'second'],
      ['handles', 'handles of Node', 'third'],
    ],
  },
];

function panelOf({ heading, yAxis, size, lines }, { title, xAxis, samples }) {
  const total = samples.at(-1)?.done ?? 0;
  const bands = [
    [total * 0.25, total * 0.5],
    [total * 0.75, total],
  ];
  const drawn = lines.map(([key, name, tone]) => ({
    name,
    tone,
    points: samples.filter((each) => Number.isFinite(each[key])).map((each) => [each.done, each[key] / size]),
  }));
  return { heading: `${heading}, ${title}`, xAxis, yAxis, bands, lines: drawn };
}

export function soakChart({ machine, phases }) {
  const { date, node, processor } = machine;
  return lineChart({
    title: `Soak of ${date}: Node ${node}, ${processor}`,
    description: phases
      .flatMap(({ title, checks }) => checks.map(({ name, state }) => `${title}: ${name} ${state}`))
      .join('; '),
    caption: 'Compared by medians: the tinted second and last quarters.',
    columns: phases.map((phase) => panels.map((panel) => panelOf(panel, phase))),
  });
}
