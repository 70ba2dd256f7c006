// Memory of a parked worker: node parked.mjs '{"dist":…,"few":8,"many":40}', of a pool that was warmed up; with
// "module", of a run whose threads are over.
import { library, residentBytes, rest, runWithMarks, say } from './observe.mjs';

const { dist, few, many, module } = JSON.parse(process.argv[2]);
const api = await library(dist);
const resident = new Map();

if (module) {
  await runWithMarks(api, module, { args: [String(few), String(many)] }, async (count) => {
    await rest();
    resident.set(count, residentBytes());
  });
} else {
  const pool = new api.ThreadPool({ coreSize: many, maxSize: many });
  for (const count of [few, many]) {
    await pool.warm(count);
    await rest();
    resident.set(count, residentBytes());
  }
}
say('worker_bytes', Math.round((resident.get(many) - resident.get(few)) / (many - few)));
process.exit(0);
