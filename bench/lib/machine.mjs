import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were measured on. */
export function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    v8: process.versions.v8,
    system: `${type()} ${release()}`,
    processor: `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()[0],
  };
}
