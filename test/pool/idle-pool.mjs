/** A program that leaves a warm, idle pool behind and has nothing else to do. */
const [, , index] = process.argv;
const { ThreadPool } = await import(index);
const pool = new ThreadPool({ coreSize: 2 });
await pool.warm();
process.stdout.write(`idle ${pool.counters.idle}\n`);
