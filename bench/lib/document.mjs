// docs/benchmarks.md, written from the results alone.
import { showRow } from './table.mjs';

export function documentOf({ machine, rows, mode }) {
  const { date, node, v8, system, processor, memory, load } = machine;
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. The contenders of a benchmark take turns (A B C A B C …); a figure is the
median of its rounds, a ratio the median of the ratios within each round. What threads, pipes and processes cost is
measured inside the guest program by \`clock_time_get\`; start-up is the whole process from start to exit; memory is what
is resident (VmRSS). \`bench/\` holds programs and contenders.

- ${date}, ${mode} run, Node ${node} (V8 ${v8}), ${system}, ${processor}, ${memory}
- load of the machine at the start: ${load.toFixed(1)}

${rows.map((row) => `## ${row.title}\n\n\`\`\`text\n${showRow(row).split('\n').slice(2).join('\n')}\n\`\`\`\n`).join('\n')}`;
}
