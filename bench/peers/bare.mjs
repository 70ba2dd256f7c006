// The least that workers and shared memory cost: node bare.mjs spawn-join COUNT BATCHES | barrier COUNT BATCHES |
// ping-pong ROUNDS | first-message | parked FEW MANY
import { Worker } from 'node:worker_threads';
import { residentBytes, say, settle } from './observe.mjs';

const [what, first, second] = process.argv.slice(2);
const words = new Int32Array(new SharedArrayBuffer(8192));
const entry = new URL('./bare-worker.cjs', import.meta.url);

const start = (role, more = {}) =>
  new Worker(entry, { workerData: { words, role, ...more }, trackUnmanagedFds: false });
const answer = (worker) => new Promise((resolve) => worker.once('message', resolve));

async function ready(count) {
  for (let seen = words[0]; seen < count; seen = Atomics.load(words, 0)) {
    await Atomics.waitAsync(words, 0, seen).value;
  }
}

const roles = {
  async 'spawn-join'(count, batches) {
    start('serve', { index: 0 });
    await ready(1);
    const [warmUp, ...measured] = await answer(start('spawn-join', { count, batches }));
    say('first_batch_ns', warmUp);
    for (const time of measured) say('spawn_join_ns', time);
  },
  async barrier(count, batches) {
    for (let index = 0; index < count; index++) start('serve', { index });
    await ready(count);
    const [, ...measured] = await answer(start('barrier', { count, batches }));
    for (const { running, resumed } of measured) {
      say('all_running_ns', running);
      say('main_resumed_ns', resumed);
    }
  },
  async 'ping-pong'(rounds) {
    start('pong', { rounds });
    say('round_ns', await answer(start('ping', { rounds })));
  },
  async 'first-message'() {
    // The second figure is the comparable one to a guest thread that notes the time itself.
    const from = process.hrtime.bigint();
    const started = await answer(start('hello'));
    say('first_message_ns', process.hrtime.bigint() - from);
    say('first_line_ns', started - from);
  },
  async parked(few, many) {
    const workers = [];
    const grow = async (count) => {
      while (workers.length < count) workers.push(start('park'));
      await ready(count);
      await settle();
      return residentBytes();
    };
    const before = await grow(few);
    say('worker_bytes', Math.round(((await grow(many)) - before) / (many - few)));
  },
};

await roles[what](Number(first), Number(second));
process.exit(0);
