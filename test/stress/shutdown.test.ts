/** A pool can be shut down at any moment: no worker dies with the pool's lock, which would block the host for ever. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { it } from 'vitest';
import { rounds } from './repeat.js';

const { count, timeout } = rounds(4000);

it(`${count * 8} pools shut down while their workers boot`, { timeout }, async () => {
  // In a process of its own, which can be ended when its main thread hangs.
  const program = fileURLToPath(new URL('./shutdown-while-booting.mjs', import.meta.url));
  const index = new URL('../../dist/index.js', import.meta.url).href;
  const options = { timeout: timeout - 2000, killSignal: 'SIGKILL' as const };
  await promisify(execFile)(process.execPath, [program, index, String(count * 8)], options);
});
