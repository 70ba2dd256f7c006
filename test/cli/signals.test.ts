/** A signal to the CLI is the guest's: its handler's, or the guest ends by it with 128 + n, whatever it is doing. */
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Signal } from '../../src/abi/signal.js';
import { forwardSignals } from '../../src/cli/signals.js';
import { fixture, startCli } from './wasix-run.js';

/** Longer than that two signals are one (src/cli/signals.ts). */
const later = () => new Promise((resolve) => setTimeout(resolve, 200));

/** A program that neither exits nor traps, all of whose five threads come to stay in one state. */
const staying = (state: string) => [fixture('ends/ends'), 'stay', 'child', state];

describe('SIGINT ends a guest', () => {
  const states = ['spin', 'atomic', 'futex', 'poll', 'sleep', 'read', 'join'];
  test.each(states)('in state %s', async (state) => {
    const running = startCli(staying(state));
    await running.until('last words');
    running.child.kill('SIGINT');
    expect(await running.outcome).toMatchObject({ status: 130, signal: null, stderr: '' });
  });

  test('in the middle of its output', async () => {
    const running = startCli([fixture('programs/yes')]);
    await running.until('y');
    running.child.kill('SIGINT');
    // Without threads it runs on Node's main thread and dies of the signal itself, which a shell calls 130, too.
    expect(await running.outcome).toMatchObject({ status: null, signal: 'SIGINT', stderr: '' });
  });
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends a guest with %i', async (signal, status) => {
  const running = startCli(staying('spin'));
  await running.until('last words');
  running.child.kill(signal);
  expect(await running.outcome).toMatchObject({ status, signal: null, stderr: '' });
});

test('a guest without threads that reads stdin is ended, too', async () => {
  const running = startCli([fixture('ends/reader')]);
  running.child.stdin.write('ready\n');
  await running.until('ready');
  running.child.kill('SIGTERM');
  expect(await running.outcome).toMatchObject({ status: null, signal: 'SIGTERM', stderr: '' });
});

/** The states of fixtures/wasix/tty-signals in which a thread makes or is in a call. */
const waits = ['sleep', 'poll', 'futex', 'atomic', 'read', 'join'];
const signals = (...args: string[]) => [fixture('wasix/tty-signals'), ...args];

describe('a handler of the guest is called', () => {
  test.each(waits)('in state %s, and the guest goes on', async (state) => {
    const running = startCli(signals('handler', state));
    await running.until('ready');
    // The second finds the guest parked for certain; and SIGHUP may follow another signal without ending the guest.
    for (const [signal, number] of [
      ['SIGINT', 2],
      ['SIGHUP', 1],
    ] as const) {
      running.child.kill(signal);
      await running.until(`signal ${number}\n`);
      await later();
    }
    running.child.kill('SIGKILL');
    expect((await running.outcome).stdout).toMatch(/^ready\nsignal 2\n(read: errno 27\n)?signal 1\n/);
  });

  test('also for SIGQUIT and SIGTERM', async () => {
    for (const [signal, number] of [
      ['SIGQUIT', 3],
      ['SIGTERM', 15],
    ] as const) {
      const running = startCli(signals('handler', 'read'));
      await running.until('ready');
      running.child.kill(signal);
      await running.until(`signal ${number}\n`);
      running.child.stdin.end();
      expect((await running.outcome).status).toBe(0);
    }
  });
});

describe('SIGINT ends a guest of wasix-libc that has installed no handler', () => {
  test.each(waits)('in state %s', async (state) => {
    const running = startCli(signals('unset', state));
    await running.until('ready');
    running.child.kill('SIGINT');
    expect(await running.outcome).toMatchObject({ status: 130, signal: null, stderr: '' });
  });
});

test.each(['unset', 'none'])('SIGQUIT ends a guest whose handler is %s', async (handler) => {
  const running = startCli(signals(handler, 'sleep'));
  await running.until('ready');
  running.child.kill('SIGQUIT');
  expect(await running.outcome).toMatchObject({ status: 131, signal: null, stderr: '' });
});

test('SIGWINCH without a terminal is not the guest’s', async () => {
  const running = startCli(signals('handler', 'read'));
  await running.until('ready');
  running.child.kill('SIGWINCH');
  running.child.kill('SIGHUP');
  await running.until('signal 1\n');
  running.child.stdin.end();
  const { status, stdout } = await running.outcome;
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ready\nsignal 1\n(read: errno 27\n)?$/);
});

test('a guest with a handler that spins ends by the second signal', async () => {
  const running = startCli(signals('handler', 'spin'));
  await running.until('ready');
  running.child.kill('SIGINT');
  await later();
  running.child.kill('SIGTERM');
  expect(await running.outcome).toMatchObject({ status: null, signal: 'SIGTERM' });
});

test('the statistics are told after a signal', async () => {
  const running = startCli(['--stats', ...staying('sleep')]);
  await running.until('last words');
  running.child.kill('SIGINT');
  const { status, stderr } = await running.outcome;
  expect(status).toBe(130);
  expect(stderr).toMatch(/^threads spawned +4$/m);
});

describe('a second signal', () => {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

  afterEach(() => {
    for (const name of names) process.removeAllListeners(name);
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Sends signals at times in milliseconds; tells which reached the guest and which the process itself. */
  function send(...arrivals: [time: number, name: (typeof names)[number]][]): {
    guest: number[];
    self: unknown[];
  } {
    vi.useFakeTimers({ toFake: ['performance'] });
    const began = performance.now();
    const guest: number[] = [];
    const self: unknown[] = [];
    vi.spyOn(process, 'kill').mockImplementation((_pid, signal) => {
      self.push(signal, process.listenerCount('SIGINT'));
      return true;
    });
    vi.spyOn(process, 'exit').mockImplementation(((status: number) => self.push(status)) as never);
    forwardSignals({
      deliver: (number) => guest.push(number),
      restoreTerminal: () => self.push('terminal'),
    });
    for (const [time, name] of arrivals) {
      vi.advanceTimersByTime(began + time - performance.now());
      process.emit(name, name);
    }
    return { guest, self };
  }

  test('within two seconds ends the process at once, as the signal does by itself', () => {
    const { guest, self } = send([0, 'SIGINT'], [1500, 'SIGINT']);
    expect(guest[0]).toBe(Signal.INT);
    expect(self).toEqual(['terminal', 'SIGINT', 0, 130]);
  });

  test('that is an echo of the first is none', () => {
    expect(send([0, 'SIGTERM'], [2, 'SIGTERM'])).toEqual({ guest: [Signal.TERM], self: [] });
  });

  test('later than that is a first one again', () => {
    expect(send([0, 'SIGINT'], [2500, 'SIGINT'])).toEqual({ guest: [Signal.INT, Signal.INT], self: [] });
  });

  test('SIGHUP never forces the end', () => {
    expect(send([0, 'SIGHUP'], [500, 'SIGHUP']).self).toEqual([]);
  });
});

test('a handler may write where the program is waiting to write', async () => {
  const running = startCli([fixture('wasix/signal-output')]);
  const { stdout, stderr } = running.child;
  stdout.pause();
  await once(stderr, 'data');
  await later();
  running.child.kill('SIGHUP');
  await once(stderr, 'data');
  await later();
  stdout.resume();
  const { status, stdout: output } = await running.outcome;
  expect({ status, length: output.length }).toEqual({ status: 0, length: (1 << 20) + 'signal 1\n'.length });
  expect(output.replaceAll('x', '')).toBe('signal 1\n');
});

test('an interval timer does not keep the command alive', async () => {
  const { status } = await startCli([fixture('wasix/signal-timers')]).outcome;
  expect(status).toBe(0);
});
