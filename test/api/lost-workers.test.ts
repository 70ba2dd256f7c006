/** A run settles, and the host goes on, wherever the worker of its last thread is lost. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run, ThreadPool } from '../../src/index.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}.wasm`, import.meta.url));
const endingAt = (point: string) => new URL(`./ends-worker.mjs?at=${point}`, import.meta.url);

it('before it has told of the end that it decided: that is the end', { timeout: 20_000 }, async () => {
  const options = { stdout: 'string', threadImports: endingAt('ended') } as const;
  const { reason, stdout } = await run(fixture('programs/hello'), options);
  expect({ reason, stdout }).toEqual({ reason: 'exit', stdout: 'hello, world!\n' });
});

it('in the midst of an exec: that is a fault', { timeout: 20_000 }, async () => {
  const commands = { 'box.wasm': fixture('processes/box'), box: fixture('processes/box') };
  const options = { args: ['show'], commands, stdout: 'ignore', threadImports: endingAt('process') } as const;
  expect((await run(fixture('processes/exec'), options)).reason).toBe('fault');
});

it('before it has sent the program of a process that it starts: that is a fault, and all workers come back', {
  timeout: 20_000,
}, async () => {
  const pool = new ThreadPool({ maxSize: 4 });
  const options = { pool, stdout: 'ignore', threadImports: endingAt('process') } as const;
  const { reason, stats } = await run(fixture('processes/fork'), options);
  expect(reason).toBe('fault');
  expect(stats.runMs).toBeLessThan(5000);
  expect(await pool.join(1000)).toBe(true);
  await pool.shutdownJoin(1000);
});

it('while it loads thread imports without end: the time limit ends the run, and the pool', {
  timeout: 20_000,
}, async () => {
  const pool = new ThreadPool({ maxSize: 1 });
  const threadImports = new URL('./hangs-in-worker.mjs', import.meta.url);
  const options = { pool, stdout: 'ignore', threadImports, timeout: 300 } as const;
  expect((await run(fixture('programs/hello'), options)).reason).toBe('timeout');
  expect(await pool.shutdownJoin(0)).toBe(true);
  expect(pool.counters.current).toBe(0);
});
