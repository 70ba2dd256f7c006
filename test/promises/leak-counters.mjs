/**
 * Runs many programs, one after the other, in one host process with one pool, and prints what the process holds after
 * the first ten and at the end, as JSON lines. Arguments: dist/index.js, the folder of fixtures, number of runs.
 */
import { readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [, , index, fixtures, count] = process.argv;
const { compile, run, ThreadPool } = await import(index);
const pool = new ThreadPool({ maxSize: 16, keepAlive: 600_000 });
const output = { stdout: 'string', stderr: 'string', onNotice: () => undefined };
const hello = compile(join(fixtures, 'threads/hello-thread.wasm'));
const ends = compile(join(fixtures, 'ends/ends.wasm'));
const cat = compile(join(fixtures, 'programs/cat.wasm'));

const scripts = [
  () => run(ends, { ...output, pool, args: ['exit', 'child', 'atomic'] }),
  () => run(ends, { ...output, pool, args: ['trap', 'main', 'spin'] }),
  () => run(ends, { ...output, pool, args: ['exit', 'main', 'write'] }),
  () => run(cat, { ...output, pool, stdin: { text: 'text' }, dirs: [{ host: fixtures, guest: 'fixtures' }] }),
];

/** Every tenth run ends with threads at work or uses files and streams; the others spawn and join. */
async function oneRun(number) {
  const other = number % 10 === 9 && scripts[((number - 9) / 10) % scripts.length];
  const { stdout } = await (other ? other() : run(hello, { ...output, pool }));
  const expected = other ? /last words|text/ : /thread 2: hello/;
  if (!expected.test(stdout)) throw new Error(`run ${number} wrote ${JSON.stringify(stdout)}`);
}

/** The pool's workers that a run ended are replaced when they are needed; here all are, so that counts compare. */
async function counters(runs) {
  await pool.warm(8);
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await pause(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const kinds = process.getActiveResourcesInfo().sort();
  const descriptors = readdirSync('/proc/self/fd').length;
  const threads = readdirSync('/proc/self/task').length;
  const { current: workers } = pool.counters;
  const line = { runs, descriptors, threads, workers, resources: kinds, rss, heapUsed, external };
  writeSync(1, `${JSON.stringify(line)}\n`);
}

for (let number = 0; number < Number(count); number++) {
  if ([50, 100, 200, 500].includes(number)) await counters(number);
  await oneRun(number);
}
await counters(Number(count));
await pool.shutdownJoin(1000);
writeSync(1, `${JSON.stringify({ after: process.getActiveResourcesInfo() })}\n`);
