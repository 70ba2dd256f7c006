/** Options that are wrong end the CLI with status 2 and one line that names the option, before anything is run. */
import { expect, test } from 'vitest';
import { fixture, wasixRun } from './wasix-run.js';

const hello = fixture('programs/hello');

const wrong: [args: string[], says: string][] = [
  [['--frobnicate'], "unknown option '--frobnicate'"],
  [['--max-thread', '4'], 'did you mean --max-threads?'],
  [['--dir', '/no/such/directory'], '--dir /no/such/directory: no such directory'],
  [['--dir-ro', '/no/such/directory::/data'], '--dir-ro /no/such/directory: no such directory'],
  [['--dir', hello], 'not a directory'],
  [['--dir', '::/data'], 'names no host directory'],
  [['--dir', '/tmp::'], 'names no guest path'],
  [['--dir', '/tmp::/x', '--dir-ro', '/::/x'], 'two directories are mounted at /x'],
  [['--dir', '/tmp::/x', '--tmpfs', '/x'], 'two directories are mounted at /x'],
  [['--tmpfs='], 'names no guest path'],
  [['--map-command', 'ls'], '--map-command ls: names no file'],
  [['--map-command', '=/tmp'], 'names no command'],
  [['--map-command', 'a/b=/tmp'], 'names no command'],
  [['--map-command', 'ls='], 'names no file after the ='],
  [['--map-command', 'ls=/no/such/file'], '--map-command ls=/no/such/file: no such file'],
  [['--map-command', 'ls=/tmp'], '--map-command ls=/tmp: not a regular file'],
  [['--map-command', '..=/dev/null'], 'not a regular file'],
  [['--map-command', `..=${hello}`], '".." cannot be a command'],
  [['--env', '=value'], '--env =value: names no variable'],
  [['-e', ''], '--env "": names no variable'],
  [['--entry='], '--entry "": is empty'],
  [['--max-threads', 'many'], '--max-threads many: not a whole number'],
  [['--max-threads', '0'], '--max-threads 0: not a whole number from 1'],
  [['--max-threads', '1.5'], 'not a whole number'],
  [['--max-processes', '0'], '--max-processes 0: not a whole number from 1 to 65536'],
  [['--core-threads', '-1'], 'not a whole number'],
  [['--core-threads', '9', '--max-threads', '8'], '--core-threads 9: more than --max-threads, 8'],
  [['--max-memory', 'lots'], '--max-memory lots: not a size'],
  [['--max-memory', '100'], 'less than one page'],
  [['--timeout', 'soon'], '--timeout soon: not a duration'],
  [['--timeout', '0'], 'shorter than 1 ms'],
  [['--timeout', '9999h'], 'longer than 24 days'],
  [['--keep-alive', '5d'], '--keep-alive 5d: not a duration'],
];

test.each(wrong)('%j', async (args, says) => {
  const { status, stdout, stderr } = await wasixRun([...args, hello]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^wasix-run: .*\n( {2}hint: .*\n)?$/);
});

const incomplete: [args: string[], says: string][] = [
  [[], 'no module given'],
  [[''], 'no module given'],
  [['--stats'], 'no module given'],
  [['--dir'], '--dir HOST[::GUEST]: the value is missing'],
  [['inspect'], 'no module given'],
  [['inspect', 'one', 'two'], 'too many arguments'],
  [['inspect', '--all', 'one'], "unknown option '--all'"],
  [['--dir', '.', 'inspect', hello], '--dir: inspect takes no options'],
];

test.each(incomplete)('%j', async (args, says) => {
  const { status, stdout, stderr } = await wasixRun(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^wasix-run: .*\n( {2}hint: .*\n)?$/);
});

test('wrong options are told before a missing module is', async () => {
  const { status, stderr } = await wasixRun(['--timeout', 'soon', 'missing.wasm']);
  expect(status).toBe(2);
  expect(stderr).not.toContain('missing.wasm');
});
