// What a long series of spawns leaves: node many-spawns.mjs '{"dist":…,"module":…,"count":…,"options":{…}}'
import { writeSync } from 'node:fs';
import {
  descriptorCount,
  handleCount,
  library,
  residentBytes,
  runWithMarks,
  say,
  settle,
  threadCount,
} from './observe.mjs';

const { dist, module, count, options } = JSON.parse(process.argv[2]);
const api = await library(dist);
const series = (length, look) => runWithMarks(api, module, { args: [String(length)], ...options }, look);
const held = () => ({ descriptors: descriptorCount(), handles: handleCount(), threads: threadCount() });

// A first, short run has Node open what it opens once.
await series(100, () => {});
await settle();
const before = held();

// Collections of garbage move the resident memory up and down; several looks at each of three times, of which the
// figure becomes the median.
const descriptors = new Map();
const { stats, printed } = await series(count, (percent) => {
  const time = [10, 50, 100].find((end) => percent <= end);
  descriptors.set(time, descriptorCount());
  say(`resident_at_${time}_bytes`, residentBytes());
});
await settle();
const after = held();

writeSync(1, `${printed.join('\n')}\n`);
for (const name of Object.keys(before)) {
  say(`${name}_before`, before[name]);
  say(`${name}_after`, after[name]);
  say(`${name}_left`, Math.max(0, after[name] - before[name]));
}
say('descriptors_opened', Math.max(0, descriptors.get(100) - descriptors.get(10)));
say('workersCreated', stats.workersCreated);
