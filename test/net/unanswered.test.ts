/** The end of a program whose first call that needs the host's sockets is not answered: the host was busy, and starts no reactor for it any more. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spawn } from '../../src/index.js';
import { guest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { openDescriptors } from './guest-peer.js';

const RUNS = 4;

/** Holds this thread up. */
function holdUp(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

it.runIf(process.platform === 'linux')(
  'leaves no descriptor of the directory that it was to bind in',
  {
    timeout: 30_000,
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wasix-run-unanswered-'));
    const pool = new ObservedPool();
    await pool.warm(2);
    const end = async (busy: number) => {
      const dirs = [{ host: folder, guest: '/mnt' }];
      const child = spawn(guest('wasix/sock-at-exit'), { pool, args: ['/mnt/s'], dirs });
      // Warm workers do without the host.
      holdUp(busy);
      expect(await child.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
      rmSync(join(folder, 's'), { force: true });
    };
    await end(0);
    const before = openDescriptors();
    for (let run = 0; run < RUNS; run++) await end(500);
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
    await pool.shutdownJoin(1000);
    rmSync(folder, { recursive: true });
  },
);
