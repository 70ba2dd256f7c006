/** Shuts pools down while their workers boot. Arguments: dist/index.js, number of rounds. */
import { setTimeout as pause } from 'node:timers/promises';

const [, , index, rounds] = process.argv;
const { ThreadPool } = await import(index);
for (let round = 0; round < Number(rounds); round++) {
  const pool = new ThreadPool({ maxSize: 16 });
  pool.warm(16).catch(() => undefined);
  await pause((round * 17) % 120);
  await pool.shutdownJoin(0);
  if (pool.counters.current !== 0) throw new Error(`round ${round} left ${JSON.stringify(pool.counters)}`);
}
