// The least that workers and shared memory cost: node bare.mjs spawn-join COUNT BATCHES | barrier COUNT BATCHES |
// ping-pong ROUNDS | first-message | parked FEW MANY | memory-and-instance MODULE COUNT
import { readFileSync } from 'node:fs';
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
  /** A new memory and a new instance on it, of a module that is compiled: the least that becoming another program takes. */
  'memory-and-instance'(file, count) {
    const module = new WebAssembly.Module(readFileSync(file));
    const functions = WebAssembly.Module.imports(module).filter(({ kind }) => kind === 'function');
    const make = () => {
      const imports = {
        env: { memory: new WebAssembly.Memory({ initial: 17, maximum: 1024, shared: true }) },
      };
      for (const { module: from, name } of functions) {
        imports[from] ??= {};
        imports[from][name] = () => 0;
      }
      new WebAssembly.Instance(module, imports);
    };
    for (let i = 0; i < count / 10; i++) make();
    const from = process.hrtime.bigint();
    for (let i = 0; i < count; i++) make();
    say('exec_ns', (process.hrtime.bigint() - from) / BigInt(count));
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

const toNumber = (text) => (/^\d+$/.test(text) ? Number(text) : text);
await roles[what](toNumber(first), toNumber(second));
process.exit(0);
