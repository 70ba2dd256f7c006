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

/** A host program under way, with redirections of the shell's; `path(name)` is the path of a fixture there. */
function host(script: string, redirections = '') {
  const file = join(folder, 'host.mjs');
  const prelude = `import { run } from ${JSON.stringify(library)};
    const path = (name) => ${JSON.stringify(guestPath('NAME'))}.replace('NAME', name);`;
  writeFileSync(file, `${prelude}\n${script}`);
  const command = `exec "$0" "$1" ${redirections}`;
  return spawn('bash', ['-c', command, process.execPath, file], { timeout: DEADLINE, killSignal: 'SIGKILL' });
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

it.runIf(process.platform === 'linux')(
  'a trace of a program without calls leaves nothing open',
  { timeout: DEADLINE },
  async () => {
    const { stdout } = host(
      `
    import { readdirSync } from 'node:fs';
    const traced = () => run(path('load/no-imports'), { stdout: 'ignore', stderr: 'ignore', trace: 'stderr' });
    await traced();
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 5; i++) await traced();
    console.log(readdirSync('/proc/self/fd').length - before);`,
      // A pipe, which Node's own are not.
      '2> >(cat)',
    );
    expect(await text(stdout)).toBe('0\n');
  },
);
