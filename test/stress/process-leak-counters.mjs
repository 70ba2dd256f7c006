/**
 * Runs programs that start children, one after the other, in one host process with one pool, and prints what the process
 * holds after the first thirty and at the end, as JSON lines. Arguments: dist/index.js, the folder of the programs,
 * number of runs.
 */
import { readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [, , index, folder, count] = process.argv;
const { compile, run, ThreadPool } = await import(index);
const pool = new ThreadPool({ maxSize: 16, keepAlive: 600_000 });
const dirs = [{ host: folder, guest: '/bin', readOnly: true }];
const programs = new Map();

function start(name, args, options = {}) {
  if (!programs.has(name)) programs.set(name, compile(join(folder, `${name}.wasm`)));
  const output = { stdout: 'string', stderr: 'string', onNotice: () => undefined };
  return run(programs.get(name), { ...output, pool, dirs, args, ...options });
}

/** Children that end by themselves, are killed, are left to the end of the run; and ends from outside. */
const scripts = [
  () => start('loop', ['2', 'pipes']),
  () => start('sh', ['-c', 'box.wasm echo hi | box.wasm cat | box.wasm cat']),
  () => start('fork', ['generations']),
  () => start('loop', ['2', 'kill']),
  () => start('exec', ['parked']),
  () => start('fork', ['wild bomb'], { maxProcesses: 4 }),
  () => start('loop', ['1', 'chain']),
  () => start('many', ['8']),
  () => start('loop', ['100', 'exit'], { signal: AbortSignal.timeout(20) }),
  () => start('box', ['stay', 'join'], { timeout: 50 }),
];

async function counters(runs) {
  await pool.warm(16);
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await pause(20);
  }
  const { rss, heapUsed } = process.memoryUsage();
  const descriptors = readdirSync('/proc/self/fd').length;
  const threads = readdirSync('/proc/self/task').length;
  const resources = process.getActiveResourcesInfo().sort();
  const { current: workers } = pool.counters;
  writeSync(1, `${JSON.stringify({ runs, descriptors, threads, workers, resources, rss, heapUsed })}\n`);
}

for (let number = 0; number < Number(count); number++) {
  if (number === 30) await counters(number);
  const { reason } = await scripts[number % scripts.length]();
  const expected = number % 10 === 9 ? 'timeout' : number % 10 === 8 ? 'signal' : 'exit';
  if (reason !== expected) throw new Error(`run ${number} ended by ${reason}`);
}
await counters(Number(count));
await pool.shutdownJoin(1000);
writeSync(1, `${JSON.stringify({ after: process.getActiveResourcesInfo() })}\n`);
