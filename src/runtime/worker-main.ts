/**
 * What a worker of a pool runs: a guest thread at a time, or a job of `ThreadPool.evaluate`.
 *
 * Who talks to whom: the host sends processes (`ProcessImage`) and takes reports, by messages; tasks arrive through
 * the pool's shared words (pool/worker-loop.ts).
 */
import { parentPort } from 'node:worker_threads';
import { JOB_TASK } from '../pool/jobs.js';
import { serve, type WorkerDuties, type WorkerStart } from '../pool/worker-loop.js';
import { collectGarbage } from './garbage.js';
import { TaskWord, type WorkerMessage } from './image.js';
import type { ProcessSide } from './thread/process-side.js';
import { type ImportModule, Residents } from './thread/residents.js';
import { runJob } from './thread/run-job.js';
import { runThread, type ThreadStart } from './thread/run-thread.js';

const port = parentPort;
if (!port) throw new Error('worker-main runs in a worker');

/**
 * Runs the thread of a task, and the programs that take its program's place. A guest thread that starts a process hands
 * the task to a worker by itself; the program comes by way of the host, which is asked for it.
 * @param start written over for each: to make an object takes V8 long in a function that has run a few times only
 */
function runGuest(
  residents: Residents,
  task: Int32Array,
  start: { -readonly [Key in keyof ThreadStart]: ThreadStart[Key] },
): (() => void) | undefined {
  const key = task[TaskWord.KEY]!;
  const serial = task[TaskWord.SERIAL]!;
  const side = residents.find(key, serial);
  if (!side) {
    residents.ask(key, serial, start.worker);
    return undefined;
  }
  start.record = task[TaskWord.RECORD]!;
  start.argument = task[TaskWord.ARGUMENT]!;
  start.main = task[TaskWord.MAIN] === 1;
  return runPrograms(residents, side, start);
}

function runPrograms(residents: Residents, first: ProcessSide, start: ThreadStart): () => void {
  let side = first;
  const { resume } = side.image;
  let over = runThread(side, start.main && resume ? { ...start, resume } : start);
  while (!over) {
    side = residents.succeed(side.image, side.successor!);
    over = runThread(side, { ...start, main: true });
  }
  return over;
}

/** What the script that the worker was created with does for this one, which it has loaded. */
export interface WorkerBoot {
  readonly importModule: ImportModule;
  /** Called when the first task has been run, before its end is told; by one worker of each pool. */
  ran(): void;
}

/** Serves tasks until the worker is retired. */
export function serveTasks(start: WorkerStart, { importModule, ran }: WorkerBoot): Promise<void> {
  const { pool, slot } = start;
  const residents = new Residents(pool, port!, importModule);
  const thread = { record: 0, argument: 0, main: false, worker: slot };
  const run: WorkerDuties['run'] = (task) => {
    if (task[TaskWord.KIND] !== JOB_TASK) return runGuest(residents, task, thread);
    const id = task[TaskWord.KEY]!;
    return runJob(residents.jobs.get(id), id, port!, importModule);
  };
  return serve(start, port!, {
    receive: (message) => residents.receive(message as WorkerMessage),
    run: slot === 0 ? onceAfter(run, ran) : run,
    prepare: () => residents.prepare(),
    rest: collectGarbage,
  });
}

/** `run`, with `work` when its first task is over: where the worker is not terminated in the midst of it. */
function onceAfter(run: WorkerDuties['run'], work: () => void): WorkerDuties['run'] {
  let done = false;
  return (task) => {
    const running = run(task);
    if (!running || done) return running;
    done = true;
    const afterWork = (over: () => void) => () => {
      work();
      over();
    };
    return typeof running === 'function' ? afterWork(running) : running.then(afterWork);
  };
}
