/** What runs do with the standard streams of their host program, which is a process of its own here. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guestPath } from '../guests.js';

const DEADLINE = 15_000;
const library = new URL('../../dist/index.js', import.meta.url).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-host-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A host program under way; `path(name)` is the path of a fixture there. */
function host(script: string) {
  const file = join(folder, 'host.mjs');
  const prelude = `import { run } from ${JSON.stringify(library)};
    const path = (name) => ${JSON.stringify(guestPath('NAME'))}.replace('NAME', name);`;
  writeFileSync(file, `${prelude}\n${script}`);
  return spawn(process.execPath, [file], { timeout: DEADLINE, killSignal: 'SIGKILL' });
}

it('a remark that stderr does not take is no exception of the host program', {
  timeout: DEADLINE,
}, async () => {
  const { stdout, stderr } = host(`
    const options = { maxThreads: 1, stdout: 'ignore', stderr: 'ignore' };
    const { reason } = await run(path('threads/hello-thread'), options);
    console.log(reason);`);
  stderr.destroy();
  expect(await text(stdout)).toBe('trap\n');
});
