/** What runs do with the standard streams of their host program, which is a process of its own here. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noTerminal, shellOnTerminal } from '../cli/pseudo-terminal.js';
import { guestPath } from '../guests.js';

const DEADLINE = 15_000;
const library = new URL('../../dist/index.js', import.meta.url).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-host-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a host program and answers its file; `path(name)` is the path of a fixture there. */
function hostFile(script: string): string {
  const file = join(folder, 'host.mjs');
  const prelude = `import { run } from ${JSON.stringify(library)};
    const path = (name) => ${JSON.stringify(guestPath('NAME'))}.replace('NAME', name);`;
  writeFileSync(file, `${prelude}\n${script}`);
  return file;
}

/** A host program under way, with redirections of the shell's. */
function host(script: string, redirections = '') {
  const command = `exec "$0" "$1" ${redirections}`;
  const args = ['-c', command, process.execPath, hostFile(script)];
  return spawn('bash', args, { timeout: DEADLINE, killSignal: 'SIGKILL' });
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

it('what a program writes to a pipe that nobody reads any more goes into no other file', {
  timeout: DEADLINE,
}, async () => {
  const { stderr } = host(
    `
    const options = { args: ['1'], stderr: 'inherit', dirs: [{ host: ${JSON.stringify(folder)}, guest: '/home' }], cwd: '/home' };
    await run(path('ends/writer-outlives-reader'), options);`,
    '> >(sleep 0.5)',
  );
  expect(await text(stderr)).toBe('first -64, second -64, signal 13, astray 0\n');
});

it.skipIf(noTerminal || process.platform !== 'linux')(
  'a trace on a terminal leaves nothing open',
  { timeout: DEADLINE },
  async () => {
    const counted = join(folder, 'counted');
    const file = hostFile(`
      import { readdirSync, writeFileSync } from 'node:fs';
      const count = () => readdirSync('/proc/self/fd').length;
      const traced = () => run(path('programs/hello'), { stdout: 'ignore', stderr: 'ignore', trace: 'stderr' });
      await traced();
      const before = count();
      for (let i = 0; i < 5; i++) await traced();
      writeFileSync(${JSON.stringify(counted)}, String(count() - before));`);
    await shellOnTerminal(`${process.execPath} ${file}`).outcome;
    expect(readFileSync(counted, 'utf8')).toBe('0');
  },
);
