/** The CLI among the other programs of a shell. */
import { expect, test } from 'vitest';
import { fixture, shell, startCli } from './wasix-run.js';

test('a reader that goes early ends the guest by SIGPIPE, quietly', async () => {
  const { status, stdout, stderr } = await shell('set -o pipefail; wasix-run programs/yes.wasm | head -1');
  expect({ status, stdout, stderr }).toEqual({ status: 141, stdout: 'y\n', stderr: '' });
});

test('a pipe takes all of a long output', async () => {
  const { stdout, stderr } = await shell('wasix-run programs/yes.wasm some-longer-text 200000 | wc -c');
  expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: `${200_000 * 17}`, stderr: '' });
});

test('stdin from a file, a pipe, /dev/null and closed', async () => {
  const file = await shell(
    'wasix-run programs/cat.wasm <programs/texts.dir/long.txt | cmp - programs/texts.dir/long.txt',
  );
  expect(file).toMatchObject({ status: 0, stderr: '' });
  const pipe = await shell('{ echo one; sleep 0.3; echo two; } | wasix-run programs/cat.wasm');
  expect(pipe).toMatchObject({ status: 0, stdout: 'one\ntwo\n', stderr: '' });
  const nothing = await shell('wasix-run programs/cat.wasm </dev/null');
  expect(nothing).toMatchObject({ status: 0, stdout: '', stderr: '' });
  const closed = await shell('wasix-run programs/cat.wasm <&-');
  expect(closed).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('an open, silent stdin keeps nobody from ending, read or not', async () => {
  const unread = await startCli([fixture('programs/hello')]).outcome;
  expect(unread).toMatchObject({ status: 0, stdout: 'hello, world!\n' });
  const read = await startCli([fixture('ends/ends'), 'exit', 'main', 'read']).outcome;
  expect(read).toMatchObject({ status: 42, stdout: 'last words\n' });
});

test('a full disk is an error that the guest sees', async () => {
  const { status, stderr } = await shell('wasix-run programs/yes.wasm >/dev/full');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});

test.each(['2>&-', '2>/dev/full', '2> >(true)'])(
  'messages that nobody takes (%s) change no status',
  async (sink) => {
    const lines = ['--timeout soon x', 'missing.wasm', '--trace programs/hello.wasm', 'ends/trap.wasm'];
    for (const [index, status] of [2, 127, 0, 134].entries()) {
      const outcome = await shell(`wasix-run ${lines[index]} >/dev/null ${sink}`);
      expect({ line: lines[index], ...outcome }).toMatchObject({ status, stdout: '', stderr: '' });
    }
  },
);

test.each(['2>/dev/full', '2> >(true)'])(
  'a long trace that nobody takes (%s) does not hold up a signal',
  async (sink) => {
    const { status } = await shell(
      `timeout --preserve-status 2 "$NODE" ../dist/wasix-run.cjs --trace programs/yes.wasm >/dev/null ${sink}`,
      { env: { NODE: process.execPath } },
    );
    expect(status).toBe(143);
  },
);

test('timeout(1) ends a guest that spins', async () => {
  const { status, stdout, stderr } = await shell(
    'timeout --preserve-status 1 "$NODE" ../dist/wasix-run.cjs ends/spin-forever.wasm',
    {
      env: { NODE: process.execPath },
    },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 143, stdout: 'spinning\n', stderr: '' });
});

test('runs in the background of a shell, with no input', async () => {
  const { stdout } = await shell('wasix-run programs/cat.wasm & wait $!; echo $?');
  expect(stdout).toBe('0\n');
});
