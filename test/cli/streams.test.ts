/** The CLI among the other programs of a shell. */
import { expect, test } from 'vitest';
import { shell } from './wasix-run.js';

test('a reader that goes early ends the guest by SIGPIPE, quietly', async () => {
  const { stdout, stderr } = await shell(
    '{ wasix-run programs/yes.wasm; echo $? >status-of-yes; } | head -1; cat status-of-yes; rm status-of-yes',
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'y\n141\n', stderr: '' });
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

test('an open, silent stdin does not keep the CLI from ending', async () => {
  const { status, stdout } = await shell(
    'sleep 15 | { wasix-run programs/hello.wasm; echo done; kill %% 2>/dev/null; exit 7; } & wait $!',
  );
  expect({ status, stdout }).toEqual({ status: 7, stdout: 'hello, world!\ndone\n' });
});

test('a full disk is an error that the guest sees', async () => {
  const { status, stderr } = await shell('wasix-run programs/yes.wasm >/dev/full');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});

test('messages that nobody takes change no status', async () => {
  const lines = ['--timeout soon x', 'missing.wasm', '--trace programs/hello.wasm', 'ends/trap.wasm'];
  for (const [index, status] of [2, 127, 0, 134].entries()) {
    for (const sink of ['2>&-', '2>/dev/full', '2> >(true)']) {
      expect({
        line: lines[index],
        sink,
        ...(await shell(`wasix-run ${lines[index]} >/dev/null ${sink}`)),
      }).toMatchObject({
        status,
        stdout: '',
        stderr: '',
      });
    }
  }
});

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
