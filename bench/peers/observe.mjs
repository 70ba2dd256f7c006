// What the peers that look at themselves from outside share: what this process holds, and a run of a guest with rests.
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

export const say = (name, value) => writeSync(1, `${name} ${value}\n`);

/** Long enough for all workers without work to rest. */
export const rest = () => new Promise((resolve) => setTimeout(resolve, 3000));

/** Long enough for what a message or a finished thread sets off to be over. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

const statusOf = (name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]);

export const residentBytes = () => statusOf('VmRSS') * 1024;
export const threadCount = () => statusOf('Threads');
export const descriptorCount = () => readdirSync('/proc/self/fd').length;
/** What keeps the event loop alive: ports, streams, timers. */
export const handleCount = () => process.getActiveResourcesInfo().length;

export const library = (dist) => import(pathToFileURL(join(dist, 'index.js')).href);

/**
 * Runs a guest; at each `mark N` that it prints, `look(N)` is called while the guest rests. `said` hears of its other
 * lines as they come. Answers those, and the counts of the run.
 */
export async function runWithMarks({ spawn }, module, options, look, said = () => {}) {
  const guest = spawn(module, { ...options, stderr: 'inherit' });
  const printed = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: guest.stdout })) {
      const at = /^mark (\d+)$/.exec(line)?.[1];
      if (at === undefined) {
        printed.push(line);
        said(line);
        continue;
      }
      await settle();
      await look(Number(at));
      guest.stdin.write('.');
    }
  })();
  const { exitCode, reason, message, stats } = await guest.wait();
  await reading;
  if (reason !== 'exit' || exitCode !== 0) throw new Error(`${reason} ${exitCode} ${message ?? ''}`);
  return { stats, printed };
}
