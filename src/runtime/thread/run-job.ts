import type { MessagePort } from 'node:worker_threads';
import type { Job, JobDone } from '../../pool/jobs.js';
import type { ImportModule } from './residents.js';

/** Runs a job of `ThreadPool.evaluate` and sends the host what became of it. */
export async function runJob(
  job: Job | undefined,
  id: number,
  port: MessagePort,
  importModule: ImportModule,
): Promise<() => void> {
  if (!job) return () => undefined;
  const done = await outcome(id, job, importModule);
  return () => send(port, done);
}

/** What cannot be cloned is refused here: thrown to the worker's loop it would be the worker's end, and nobody's answer. */
function send(port: MessagePort, done: JobDone): void {
  try {
    port.postMessage(done);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    port.postMessage({ type: 'job-done', id: done.id, error: new TypeError(reason) } satisfies JobDone);
  }
}

async function outcome(id: number, job: Job, importModule: ImportModule): Promise<JobDone> {
  try {
    const name = job.exportName ?? 'default';
    const loaded = (await importModule(job.url)) as Record<string, unknown>;
    const target = loaded[name];
    if (typeof target !== 'function') throw new TypeError(`${job.url} exports no function "${name}"`);
    return { type: 'job-done', id, value: await target(...(job.args ?? [])) };
  } catch (error) {
    return { type: 'job-done', id, error };
  }
}
