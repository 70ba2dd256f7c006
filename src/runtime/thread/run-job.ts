import type { MessagePort } from 'node:worker_threads';
import type { Job, JobDone } from '../../pool/jobs.js';

/** Runs a job of `ThreadPool.evaluate` and sends the host what became of it. */
export async function runJob(job: Job | undefined, id: number, port: MessagePort): Promise<() => void> {
  if (!job) return () => undefined;
  const done = await outcome(id, job);
  return () => port.postMessage(done);
}

async function outcome(id: number, job: Job): Promise<JobDone> {
  try {
    const name = job.exportName ?? 'default';
    const loaded = (await import(job.url)) as Record<string, unknown>;
    const target = loaded[name];
    if (typeof target !== 'function') throw new TypeError(`${job.url} exports no function "${name}"`);
    return { type: 'job-done', id, value: await target(...(job.args ?? [])) };
  } catch (error) {
    return { type: 'job-done', id, error };
  }
}
