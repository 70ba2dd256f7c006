/** Signals that the caller of the library sends to a program. */
import { expect, test } from 'vitest';
import { spawn } from '../../src/index.js';
import { guestPath } from '../guests.js';

const DEADLINE_MS = 20_000;

/** Starts the program that parks in `state`, and answers it and a function that waits for its output. */
function start(handler: string, state: string) {
  const guest = spawn(guestPath('wasix/tty-signals'), { args: [handler, state] });
  let text = '';
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => text.includes(wanted) && resolve();
      guest.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        look();
      });
      look();
    });
  return { guest, until };
}

test(
  'signal() calls the handler of the program, and kill() does not',
  async () => {
    const { guest, until } = start('handler', 'futex');
    await until('ready\n');
    expect(guest.signal('SIGUSR1')).toBe(true);
    await until('signal 10\n');
    expect(guest.signal('SIGTERM')).toBe(true);
    await until('signal 15\n');
    expect(guest.kill('SIGTERM')).toBe(true);
    expect(await guest.wait()).toMatchObject({ exitCode: 143, reason: 'signal', signal: 'SIGTERM' });
    expect(guest.signal('SIGTERM')).toBe(false);
  },
  DEADLINE_MS,
);

test(
  'signal() does to a program without a handler what the signal does by default',
  async () => {
    const { guest, until } = start('none', 'sleep');
    await until('ready\n');
    guest.signal('SIGWINCH');
    guest.signal('SIGUSR1');
    expect(await guest.wait()).toMatchObject({ exitCode: 138, signal: 'SIGUSR1' });
  },
  DEADLINE_MS,
);

test('signal() refuses what is no signal', async () => {
  const { guest } = start('none', 'sleep');
  expect(() => guest.signal('SIGNO' as never)).toThrow(RangeError);
  guest.kill('SIGKILL');
  expect((await guest.wait()).exitCode).toBe(137);
});
