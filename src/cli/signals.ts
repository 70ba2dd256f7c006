/** Signals that the user or the system sends to the CLI are the guest's, which runs beside this event loop. */
import { Signal } from '../abi/signal.js';
import type { StartedRun } from '../api/run.js';

const FORWARDED = {
  SIGINT: Signal.INT,
  SIGTERM: Signal.TERM,
  SIGHUP: Signal.HUP,
  SIGQUIT: Signal.QUIT,
} as const;
type Forwarded = keyof typeof FORWARDED;

/**
 * A second signal within this time of the first means: now, whatever the guest makes of it. But not SIGHUP: systems
 * send several of them when a terminal goes.
 */
const INSISTENCE_MS = 2000;
/**
 * But one signal may arrive twice: `timeout` signals its child and then its whole process group, and npm passes on
 * what the terminal has sent to all. Nobody types as fast as that.
 */
const ECHO_MS = 100;

const statusOf = (signal: Forwarded) => 128 + FORWARDED[signal];

/**
 * From now on signals that the process gets go to the guest: to its handler, or they end it. Changes of the window and
 * stopping are the terminal's part (runtime/host/terminal.ts).
 */
export function forwardSignals(run: Pick<StartedRun, 'deliver' | 'restoreTerminal'>): void {
  let first: number | undefined;
  const receive = (signal: Forwarded) => {
    const now = performance.now();
    const since = first === undefined ? Number.POSITIVE_INFINITY : now - first;
    if (since < ECHO_MS) return;
    if (since < INSISTENCE_MS && signal !== 'SIGHUP') {
      run.restoreTerminal();
      endNow(signal);
    }
    first = now;
    run.deliver(FORWARDED[signal]);
  };
  for (const signal of Object.keys(FORWARDED) as Forwarded[]) process.on(signal, () => receive(signal));
}

/** Ends the process as the signal does by itself, which no thread can delay; where it does nothing, as Node can. */
function endNow(signal: Forwarded): never {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  process.exit(statusOf(signal));
}
