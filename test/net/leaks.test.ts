/** What a run with sockets leaves behind: nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { LOOPBACK, openDescriptors } from './guest-peer.js';

const RUNS = 6;

/** What keeps this process busy: handles and requests of Node's. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|Worker|MessagePort/.test(name))
    .sort();
}

it('leaves no descriptor, handle or worker after runs with hundreds of connections', {
  timeout: 90_000,
}, async () => {
  const churn = () => runGuest('wasix/sock-peer', { args: ['storm', '100'], net: LOOPBACK, maxThreads: 8 });
  expect((await churn()).exitCode).toBe(0);
  await pause(50);
  const before = { descriptors: openDescriptors(), resources: resources() };
  for (let run = 0; run < RUNS; run++) expect((await churn()).exitCode).toBe(0);
  await pause(50);
  expect({ descriptors: openDescriptors(), resources: resources() }).toEqual(before);
});
