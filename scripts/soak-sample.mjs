// What this process holds at one moment. What the system does not tell is null.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Entries of a folder of /proc; the one that reads it is among the descriptors each time. */
function entries(folder) {
  try {
    return readdirSync(folder).length;
  } catch {
    return null;
  }
}

/** All address space that is taken, in bytes. A memory that is forgotten takes gigabytes of it, however little is used. */
function addressSpace() {
  try {
    return Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return null;
  }
}

/** `{ rss, heap, external, addresses }` in bytes, counts of descriptors, of threads of the system, of Node's handles. */
export function sample() {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rss,
    heap: heapUsed,
    external,
    addresses: addressSpace(),
    descriptors: entries('/proc/self/fd'),
    threads: entries('/proc/self/task'),
    handles: process.getActiveResourcesInfo().length,
  };
}

/** The same when nothing runs, after time for what ended runs set off: messages, closed ports, finalizers. */
export async function sampleAtRest() {
  for (let i = 0; i < 3; i++) {
    collect();
    await pause(20);
  }
  return sample();
}
