/**
 * What a pool worker runs: a guest thread at a time, or a job of `ThreadPool.evaluate`.
 *
 * Who talks to whom: the host sends processes (`ProcessImage`) and takes reports, by messages; tasks arrive through
 * the pool's shared words (pool/worker-loop.ts).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { JOB_TASK } from '../pool/jobs.js';
import { serve, type WorkerDuties } from '../pool/worker-loop.js';
import { TaskWord, type WorkerMessage } from './image.js';
import { Residents } from './thread/residents.js';
import { runJob } from './thread/run-job.js';
import { runThread } from './thread/run-thread.js';

const port = parentPort;
if (!port) throw new Error('worker-entry runs in a worker');

const { pool, slot, standing } = workerData as { pool: Int32Array; slot: number; standing: WorkerMessage[] };
const residents = new Residents(pool, port);

const duties: WorkerDuties = {
  receive: (message) => residents.receive(message as WorkerMessage),

  run(task) {
    const key = task[TaskWord.KEY]!;
    if (task[TaskWord.KIND] === JOB_TASK) return runJob(residents.jobs.get(key), key, port);
    const side = residents.processes.get(key);
    // A process that was ended before this worker took up its thread is gone with all its records.
    if (!side) return () => undefined;
    return runThread(side, {
      record: task[TaskWord.RECORD]!,
      argument: task[TaskWord.ARGUMENT]!,
      main: task[TaskWord.MAIN] === 1,
      worker: slot,
    });
  },

  prepare: () => residents.prepare(),
};

async function main(): Promise<void> {
  for (const message of standing) await residents.receive(message);
  await serve(pool, slot, port!, duties);
}

void main();
