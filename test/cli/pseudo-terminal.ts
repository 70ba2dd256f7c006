/** The built CLI on a terminal of its own, made by script(1), with a shell around it that tells of the terminal. */
import { spawnSync } from 'node:child_process';
import { cliPath, Running } from './wasix-run.js';

/** Why there can be no terminal for tests here; undefined where there can. */
export const noTerminal = [
  ['script', '--version'],
  ['stty', '--version'],
].find(([command, ...args]) => spawnSync(command!, args).status !== 0)?.[0];

const quote = (word: string) => `'${word}'`;

/** The CLI as a line of shell. */
export const command = (...args: string[]): string =>
  [process.execPath, cliPath, ...args].map(quote).join(' ');

/** A line of shell on a new terminal of 100 columns and 30 rows. Its status is that of the line. */
export function shellOnTerminal(line: string): Running {
  const script = ['--quiet', '--return', '--command', `stty cols 100 rows 30; ${line}`, '/dev/null'];
  return new Running('script', script, { env: { SHELL: '/bin/bash' } });
}

/** The CLI alone on a new terminal. */
export function onTerminal(...args: string[]): Running {
  return shellOnTerminal(`exec ${command(...args)}`);
}

/**
 * As `onTerminal`; what the terminal is like before and after is printed, as `before: echo icanon`, and the status.
 * Node loads the script `preload` first.
 */
export function betweenLooks(args: readonly string[], { preload = '' } = {}): Running {
  const look = (when: string) =>
    `echo "${when}: $(stty -a | grep -oE -- '-?\\b(echo|icanon)\\b' | sort | xargs)"`;
  const options = preload === '' ? '' : `NODE_OPTIONS='--require ${preload}' `;
  // The shell lives on when the terminal's keys send signals.
  const run = `${options}${command(...args)}; echo "status $?"`;
  return shellOnTerminal(`tty; trap : INT QUIT TERM HUP; ${look('before')}; ${run}; ${look('after')}`);
}

/** The name of the terminal, which a line that begins with `tty` prints first. */
export async function nameOfTerminal(running: Running): Promise<string> {
  await running.until('/dev/');
  await running.until('\n');
  return /\/dev\/\S+/.exec(running.stdout)![0];
}

/** Changes the size of a terminal from outside, as its window does. */
export function resize(terminal: string, columns: number, rows: number): void {
  const { status } = spawnSync('stty', ['-F', terminal, 'cols', `${columns}`, 'rows', `${rows}`]);
  if (status !== 0) throw new Error(`stty cannot resize ${terminal}`);
}
