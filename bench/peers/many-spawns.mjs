// What a long series of spawns leaves: node many-spawns.mjs '{"dist":…,"module":…,"count":…,"options":{…}}'
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

const descriptors = new Map();
const stats = await series(count, (percent) => {
  descriptors.set(percent, descriptorCount());
  say(`resident_at_${percent}_bytes`, residentBytes());
});
await settle();
const after = held();

for (const name of Object.keys(before)) {
  say(`${name}_before`, before[name]);
  say(`${name}_after`, after[name]);
  say(`${name}_left`, Math.max(0, after[name] - before[name]));
}
say('descriptors_opened', Math.max(0, descriptors.get(100) - descriptors.get(10)));
say('workersCreated', stats.workersCreated);
