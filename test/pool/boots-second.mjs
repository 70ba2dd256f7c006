/** A worker's script that fails on the first worker of its pool and serves on all others. */
import { workerData } from 'node:worker_threads';

/** POOL.CREATED of src/pool/pool-memory.ts. */
const CREATED = 11;
if (workerData.pool[CREATED] === 1) throw new Error('no boot today');
await import('../../dist/worker.cjs');
