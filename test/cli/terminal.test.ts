/** On a terminal of its own, made by script(1). */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  betweenLooks,
  command,
  nameOfTerminal,
  noTerminal,
  onTerminal,
  resize,
  shellOnTerminal,
} from './pseudo-terminal.js';
import { fixture, type Running } from './wasix-run.js';

if (noTerminal) process.stderr.write(`tests on a terminal are left out: there is no ${noTerminal}\n`);

const modes = (...args: string[]) => onTerminal(fixture('wasix/tty-modes'), ...args);
const signals = (...args: string[]) => onTerminal(fixture('wasix/tty-signals'), ...args);

/** Longer than that two signals are one (src/cli/signals.ts). */
const pause = () => new Promise((resolve) => setTimeout(resolve, 200));

/** The first Ctrl-C is for the guest's handler, the second ends the guest. */
async function interruptTwice(running: Running): Promise<void> {
  type(running, '\x03');
  await running.until('signal 2\r\n');
  await pause();
  type(running, '\x03');
  expect((await running.outcome).status).toBe(130);
}

const crashAtResize = fileURLToPath(new URL('crash-at-resize.cjs', import.meta.url));

/** What came out until the end, by lines. */
const linesOf = async (running: Running) => (await running.outcome).stdout.trimEnd().split('\r\n');

const type = (running: Running, keys: string) => running.child.stdin.write(keys);

describe.skipIf(noTerminal)('on a terminal (needs script and stty)', () => {
  test('output and status are those of the guest', async () => {
    const { status, stdout } = await onTerminal(fixture('programs/hello'), 'you', '7').outcome;
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'hello, you!\r\n' });
  });

  test('a line typed is read, and end of file ends the input', async () => {
    const running = onTerminal(fixture('ends/reader'));
    type(running, 'typed\n');
    await running.until('typed\r\ntyped\r\n');
    type(running, '\x04');
    expect((await running.outcome).status).toBe(0);
  });

  test('Ctrl-D ends the input of one read, and the next goes on', async () => {
    const running = modes('read', 'read', 'read', 'read');
    type(running, 'a\n');
    await running.until('read 2: a.\r\n');
    type(running, '\x04');
    await running.until('read 0: \r\n');
    type(running, 'b\n');
    await running.until('read 2: b.\r\n');
    type(running, '\x04');
    expect(await linesOf(running)).toEqual(['a', 'read 2: a.', 'read 0: ', 'b', 'read 2: b.', 'read 0:']);
  });

  test('Ctrl-D may come before what was typed is read', async () => {
    const running = modes('read', 'read', 'read', 'read');
    type(running, `${'x'.repeat(99)}\n\x04`);
    await running.until('read 0: \r\n');
    type(running, 'b\n');
    expect((await linesOf(running)).slice(1)).toEqual([
      `read 63: ${'x'.repeat(63)}`,
      `read 37: ${'x'.repeat(36)}.`,
      'read 0: ',
      'b',
      'read 2: b.',
    ]);
  });

  describe('tty_get', () => {
    test('tells size, streams and modes', async () => {
      expect((await linesOf(onTerminal(fixture('wasix/tty-get')))).slice(-3)).toEqual([
        'columns 100 rows 30 width 800 height 480',
        'stdin 1 stdout 1 stderr 1',
        'echo 1 lines 1 line feeds 1',
      ]);
    });

    test.each([
      ['stdout is a pipe', '| cat', 'stdin 1 stdout 0 stderr 1'],
      ['only stdin is on it', '2>&1 | cat', 'stdin 1 stdout 0 stderr 0'],
      ['only stderr is on it', '< /dev/null | cat', 'stdin 0 stdout 0 stderr 1'],
    ])('knows the terminal where %s', async (_what, redirection, streams) => {
      const lines = await linesOf(shellOnTerminal(`${command(fixture('wasix/tty-get'))} ${redirection}`));
      expect(lines.slice(-3, -1)).toEqual(['columns 100 rows 30 width 800 height 480', streams]);
    });

    test('tells the modes that it was started with', async () => {
      const line = `stty -echo -icanon; ${command(fixture('wasix/tty-get'))}`;
      expect((await linesOf(shellOnTerminal(line))).at(-1)).toBe('echo 0 lines 0 line feeds 1');
    });
  });

  describe('tty_set', () => {
    test('without echo a line is read and not shown', async () => {
      const running = modes('no-echo', 'read', 'echo', 'read');
      await running.until('no-echo: 0\r\n');
      type(running, 'secret\n');
      await running.until('echo: 0\r\nread 7: secret.\r\necho: 0\r\n');
      type(running, 'open\n');
      expect((await linesOf(running)).slice(-2)).toEqual(['open', 'read 5: open.']);
    });

    test('without lines every key is read as it comes, and shown', async () => {
      const running = modes('no-lines', 'read', 'read');
      await running.until('no-lines: 0\r\n');
      type(running, 'a');
      await running.until('aread 1: a\r\n');
      type(running, 'b');
      await running.until('bread 1: b\r\n');
      expect((await running.outcome).status).toBe(0);
    });

    test('without both every key is read as it comes, Ctrl-D too, and none is shown', async () => {
      const running = modes('both', 'show', 'read', 'read', 'read');
      await running.until('echo 0 lines 0 feeds 1\r\n');
      for (const [key, shown] of [
        ['a', 'read 1: a\r\n'],
        ['b', 'read 1: b\r\n'],
        ['\x04', 'read 1: \x04\r\n'],
      ] as const) {
        type(running, key);
        await running.until(shown);
      }
      expect((await linesOf(running)).slice(2)).toEqual(['read 1: a', 'read 1: b', 'read 1: \x04']);
    });

    test('keeps line_feeds for the guest and leaves the terminal as it is', async () => {
      expect(await linesOf(modes('no-feeds', 'show'))).toEqual([
        'no-feeds: 0',
        '100x30 (800x480) echo 1 lines 1 feeds 0',
      ]);
    });

    test('sets the size for the run, there and back', async () => {
      expect(await linesOf(modes('size=90x20', 'size=100x30', 'show'))).toEqual([
        'size=90x20: 0',
        'size=100x30: 0',
        '100x30 (0x0) echo 1 lines 1 feeds 1',
      ]);
    });

    test('sets the size, and not the modes that TIOCSWINSZ leaves to chance', async () => {
      expect(await linesOf(modes('no-lines', 'size=90x20', 'show', 'garbage=70x10', 'show'))).toEqual([
        'no-lines: 0',
        'size=90x20: 0',
        '90x20 (0x0) echo 1 lines 0 feeds 1',
        'garbage=70x10: 0',
        '70x10 (0x0) echo 1 lines 0 feeds 1',
      ]);
    });
  });

  describe('the terminal is left as it was found', () => {
    const asFound = (lines: string[]) =>
      expect(lines.filter((line) => /^(before|after)/.test(line))).toEqual([
        'before: echo icanon',
        'after: echo icanon',
      ]);
    const looks = (...args: string[]) => betweenLooks([fixture('wasix/tty-modes'), ...args]);

    test.each([
      ['a return', [], 0],
      ['an exit', ['exit=3'], 3],
      ['a trap', ['trap'], 134],
    ])('after %s', async (_how, ending, status) => {
      const lines = await linesOf(looks('both', ...ending));
      asFound(lines);
      expect(lines).toContain(`status ${status}`);
    });

    test.each([
      ['Ctrl-C', '\x03', 'read', 130],
      ['Ctrl-\\', '\x1c', 'read', 131],
      ['Ctrl-C of a guest that spins', '\x03', 'spin', 130],
    ])('after %s', async (_how, key, state, status) => {
      const running = looks('no-echo', 'no-lines', state);
      await running.until('no-lines: 0\r\n');
      type(running, key);
      const lines = await linesOf(running);
      asFound(lines);
      expect(lines.some((line) => line.endsWith(`status ${status}`))).toBe(true);
    });

    test('after the second Ctrl-C, which is not the guest’s', async () => {
      const running = betweenLooks([fixture('wasix/tty-signals'), 'raw', 'spin']);
      await running.until('ready\r\n');
      type(running, '\x03');
      await pause();
      type(running, '\x03');
      const lines = await linesOf(running);
      asFound(lines);
      expect(lines.some((line) => line.endsWith('status 130'))).toBe(true);
    });

    test('after a crash of the host', async () => {
      const running = betweenLooks([fixture('wasix/tty-modes'), 'both', 'read'], { preload: crashAtResize });
      await running.until('both: 0\r\n');
      resize(await nameOfTerminal(running), 90, 25);
      const lines = await linesOf(running);
      asFound(lines);
      expect(lines).toContain('status 70');
    });

    test('while it is stopped by Ctrl-Z, and set again when it goes on', async () => {
      const show = `stty -a | grep -oE -- '-?icanon'`;
      const running = shellOnTerminal(
        `set -m; ${command(fixture('wasix/tty-modes'), 'both', 'read', 'read')}; ${show}; fg`,
      );
      await running.until('both: 0\r\n');
      type(running, '\x1a');
      await running.until('\r\nicanon\r\n');
      // Keys are read one by one again, without an end of line.
      type(running, 'a');
      await running.until('read 1: a\r\n');
      type(running, 'b');
      await running.until('read 1: b\r\n');
      expect((await running.outcome).status).toBe(0);
    });
  });

  describe('the window', () => {
    test('has its new size in tty_get, and a handler of SIGWINCH is called', async () => {
      const running = shellOnTerminal(
        `tty; exec ${command(fixture('wasix/tty-signals'), 'handler', 'sleep')}`,
      );
      await running.until('ready\r\n');
      resize(await nameOfTerminal(running), 120, 40);
      await running.until('window 120x40\r\n');
      resize(await nameOfTerminal(running), 60, 20);
      await running.until('window 60x20\r\n');
      await interruptTwice(running);
    });

    test.each(['none', 'unset'])(
      'changes without harm for a program whose handler is %s',
      async (handler) => {
        const running = shellOnTerminal(
          `tty; exec ${command(fixture('wasix/tty-signals'), handler, 'read')}`,
        );
        await running.until('ready\r\n');
        for (const columns of [120, 60, 90]) {
          resize(await nameOfTerminal(running), columns, 40);
          type(running, 'go on\n');
          await running.until('go on\r\n');
        }
        type(running, '\x04');
        expect((await running.outcome).status).toBe(0);
      },
    );

    test('a size that the guest sets calls its handler, too', async () => {
      const running = signals('resizes', 'sleep');
      await running.until('window 33x11\r\n');
      await interruptTwice(running);
    });
  });

  describe('Ctrl-C', () => {
    test('ends a guest that spins', async () => {
      const running = onTerminal(fixture('ends/spin-forever'));
      await running.until('spinning');
      type(running, '\x03');
      expect((await running.outcome).status).toBe(130);
    });

    test('ends a guest that reads', async () => {
      const running = onTerminal(fixture('ends/reader'));
      type(running, 'ready\n');
      await running.until('ready\r\nready\r\n');
      type(running, '\x03');
      expect((await running.outcome).status).toBe(130);
    });

    test('is the handler’s; the next within two seconds ends the guest for certain', async () => {
      const running = signals('handler', 'read');
      await running.until('ready\r\n');
      await interruptTwice(running);
    });
  });
});
