// A phase of the soak: one run that spawns and joins threads one after the other.
// Arguments: JSON { index, guests, planned, limitMs, samples }; prints samples and failures as JSON lines.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { makePace, tell } from './soak-pace.mjs';
import { sample } from './soak-sample.mjs';

const job = JSON.parse(process.argv[2]);
const { index, guests, planned } = job;
const { run } = await import(index);
const BATCH = Math.max(1, Math.min(1000, Math.round(planned / (2 * job.samples))));
const batches = Math.max(1, Math.ceil(planned / BATCH) - 1);

const pace = makePace(job);
const abort = new AbortController();
const stdout = new PassThrough();
const ended = run(join(guests, 'spawn-join.wasm'), {
  args: [String(BATCH), String(batches)],
  // More than are needed, and from the start: another worker later on would pass for growth.
  coreThreads: 8,
  maxThreads: 8,
  stdout,
  signal: abort.signal,
}).finally(() => stdout.end());

let done = 0;
let stopped = false;
for await (const line of createInterface({ input: stdout })) {
  if (!/^(first_batch|spawn_join)_ns \d+$/.test(line)) tell({ failure: `the program wrote ${line}` });
  done += BATCH;
  if (pace.isDue(done)) tell({ done, seconds: pace.seconds(), ...sample() });
  if (!stopped && done < planned && pace.isOver(done)) {
    stopped = true;
    abort.abort();
  }
}
const { reason, exitCode, message } = await ended;
const expected = stopped ? reason === 'signal' : reason === 'exit' && exitCode === 0;
if (!expected) tell({ failure: `the program ended by ${reason} ${exitCode} ${message ?? ''}` });
tell({ done, seconds: pace.seconds(), left: process.getActiveResourcesInfo() });
