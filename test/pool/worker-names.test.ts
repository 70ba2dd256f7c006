import { Session } from 'node:inspector/promises';
import { afterAll, expect, it } from 'vitest';
import { ThreadPool } from '../../src/index.js';

const pool = new ThreadPool({ name: 'my-pool', maxSize: 4 });
afterAll(() => pool.shutdownJoin(0));

it('workers are named after their pool and number, as debuggers show them', { timeout: 20_000 }, async () => {
  const session = new Session();
  session.connect();
  const titles: string[] = [];
  session.on('NodeWorker.attachedToWorker', ({ params }) => titles.push(params.workerInfo.title));
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  await pool.warm(3);
  session.disconnect();
  // Workers boot side by side: the debugger hears of them in any order.
  const names = titles.map((title) => title.replace(/^\[worker \d+\] /, '')).sort();
  expect(names).toEqual(['my-pool-0', 'my-pool-1', 'my-pool-2']);
});
