/** What the options give to the guest, and that all after the module is the guest's own. */
import { describe, expect, test } from 'vitest';
import { fixture, fixturesPath, wasixRun } from './wasix-run.js';

/** Prints its arguments as `arg [x]` and its environment as `env [k=v]`. */
const args = fixture('preview1/args');

async function linesOf(command: string[], kind: string, env?: Record<string, string>): Promise<string[]> {
  const { stdout, stderr, status } = await wasixRun(command, env ? { env } : {});
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith(`${kind} [`) ? [line.slice(kind.length + 2, -1)] : []));
}

describe('arguments', () => {
  const theirs = ['--help', '-V', '--dir', '/nowhere', '--', '-x', '--unknown', '', 'inspect', '-'];

  test('of any look after the module belong to the guest', async () => {
    expect(await linesOf([args, ...theirs], 'arg')).toEqual(theirs);
  });

  test('the same with options of ours before the module', async () => {
    expect(await linesOf(['--timeout', '20', args, ...theirs], 'arg')).toEqual(theirs);
    expect(await linesOf(['--timeout=20s', '--', args, ...theirs], 'arg')).toEqual(theirs);
  });

  test('a module may come after --, and of those that follow none is lost', async () => {
    expect(await linesOf(['--', args, '--', 'x'], 'arg')).toEqual(['--', 'x']);
  });
});

describe('environment', () => {
  test('a variable may be named like what objects have', async () => {
    const options = ['--env', '__proto__=1', '--env', 'constructor=2', '--env', 'toString', '--env', 'B=3'];
    expect(await linesOf([...options, args], 'env')).toEqual(['__proto__=1', 'constructor=2', 'B=3']);
  });

  test('nothing of the host is passed on unasked', async () => {
    expect(await linesOf([args], 'env', { SECRET: '1' })).toEqual([]);
  });

  test('K=V sets, K inherits, the last of a name wins, a value may hold = and be empty', async () => {
    const options = [
      '--env',
      'A=1',
      '-e',
      'B',
      '--env=C=x=y',
      '--env',
      'A=2',
      '-eD=',
      '-e',
      'NOT_SET_ON_THE_HOST',
    ];
    expect(await linesOf([...options, args], 'env', { B: 'host', C: 'host' })).toEqual([
      'A=2',
      'B=host',
      'C=x=y',
      'D=',
    ]);
  });
});

describe('directories', () => {
  test('are preopened in the order given, whatever their kind', async () => {
    const { stdout } = await wasixRun(
      ['--dir-ro', 'preview1', '--tmpfs', '/scratch', '--dir', 'wasix::/w', fixture('preview1/prestat')],
      { cwd: fixturesPath },
    );
    expect(stdout.match(/\d is \[.*\]/g)).toEqual(['3 is [preview1]', '4 is [/scratch]', '5 is [/w]']);
  });

  test('--cwd is the working directory of a WASIX program', async () => {
    const { status, stdout } = await wasixRun([
      '--tmpfs',
      '/w',
      '--cwd',
      '/w',
      fixture('wasix/working-directory'),
      '/w',
    ]);
    expect(stdout).toMatch(/^ok getcwd$/m);
    expect(stdout).toMatch(/^ok \/w$/m);
    expect(status).not.toBe(2);
  });
});

test('--map-command is a program in /bin, also over a directory that is granted there', async () => {
  const options = ['--map-command', 'box=processes/box.wasm', '--map-command=again=processes/box.wasm'];
  const { status, stdout } = await wasixRun(
    [...options, '--dir-ro', 'processes::/bin', fixture('processes/box'), 'exec', 'box', 'echo', 'hello'],
    { cwd: fixturesPath },
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'hello\n' });
});

test('--max-threads limits the threads, and the refusal names the option', async () => {
  const { stdout, stderr } = await wasixRun(['--max-threads', '3', fixture('threads/spawn-past-limit')]);
  expect(stdout).toContain('accepted 2, then -6');
  expect(stderr).toMatch(/^wasix-run: the limit of 3 threads .*--max-threads\n$/);
});
