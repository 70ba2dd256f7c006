import { PassThrough, type Readable, type Writable } from 'node:stream';
import { Signal } from '../abi/signal.js';
import type { RunResult } from '../runtime/host/run-result.js';
import type { ListenerAddress } from '../runtime/listener-place.js';
import type { ModuleSource } from '../runtime/load.js';
import type { RunOptions } from './options.js';
import { type CompiledModule, type StartedRun, start } from './run.js';

/** Options of `spawn`: as for `run`, but a standard stream that is not named is a pipe to the caller. */
export type SpawnOptions = Omit<RunOptions, 'supervisor'>;

/** Name of a signal, such as `'SIGTERM'`, or its number. */
export type SignalName = `SIG${Exclude<keyof typeof Signal, 'NONE'>}`;

/** A program under way, shaped after Node's `ChildProcess`. */
export interface GuestProcess {
  /** What the program reads; null if `stdin` was given as an option. End it to give the program its end of file. */
  readonly stdin: Writable | null;
  /** What the program writes; null if `stdout` was given as an option. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /**
   * Ends the program as the signal would, for certain: its handlers are not called. Answers false when it is over already.
   * @param signal default `'SIGTERM'`
   */
  kill(signal?: SignalName | number): boolean;
  /**
   * Sends the program a signal, as kill(2) does: its handler is called if it has one, at its next call of the host or in
   * the wait it is in; else the signal does what it does by default, which for most is to end the program. A program that
   * computes without any call of the host can be ended by `kill` alone. Answers false when it is over already.
   */
  signal(signal: SignalName | number): boolean;
  /**
   * Where the listeners of the option `listeners` are, in that order: resolves when all are open, before the program starts;
   * rejects when it cannot be started.
   */
  readonly listening: Promise<readonly ListenerAddress[]>;
  /** Resolves when the program is over and all its output has been passed on; rejects when it cannot be started. */
  wait(): Promise<RunResult>;
}

/** The number of a signal; throws RangeError for what is none. */
function signalNumber(signal: SignalName | number): number {
  const number = typeof signal === 'number' ? signal : (Signal[signal.slice(3) as keyof typeof Signal] ?? 0);
  if (Number.isInteger(number) && number >= 1 && number <= Signal.SYS) return number;
  throw new RangeError(`${signal} is no signal`);
}

/**
 * Starts a program and answers a handle to it at once.
 *
 * @example
 * const guest = spawn('cat.wasm');
 * guest.stdin.end('hello');
 * guest.stdout.pipe(process.stdout);
 * const { exitCode } = await guest.wait();
 */
export function spawn(source: ModuleSource | CompiledModule, options: SpawnOptions = {}): GuestProcess {
  const stdin = options.stdin === undefined ? new PassThrough() : null;
  const stdout = options.stdout === undefined ? new PassThrough() : null;
  const stderr = options.stderr === undefined ? new PassThrough() : null;
  let over = false;
  let started: StartedRun | undefined;
  const pending: ((run: StartedRun) => void)[] = [];
  const starting = start(source, {
    ...options,
    ...(stdin && { stdin }),
    ...(stdout && { stdout }),
    ...(stderr && { stderr }),
  });
  const listening = starting.then((run) => run.listening);
  const finished = starting
    .then((run) => {
      started = run;
      for (const action of pending) action(run);
      return run.result;
    })
    .finally(() => {
      over = true;
      stdin?.destroy();
      stdout?.end();
      stderr?.end();
    });
  // Who never calls `wait` learns of a failed start by the end of the streams, not by an unhandled rejection.
  finished.catch(() => undefined);
  listening.catch(() => undefined);
  /** Does `action` to the run, now or once it has started. */
  const reach = (action: (run: StartedRun) => void): boolean => {
    if (over) return false;
    if (started) action(started);
    else pending.push(action);
    return true;
  };
  return {
    stdin,
    stdout,
    stderr,
    listening,
    kill(signal = 'SIGTERM') {
      const number = signalNumber(signal);
      return reach((run) => run.kill(number));
    },
    signal(signal) {
      const number = signalNumber(signal);
      return reach((run) => run.deliver(number));
    },
    wait: () => finished,
  };
}
