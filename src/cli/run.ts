/** Running a module for the CLI. */
import type { RunOptions } from '../api/options.js';
import type { StartedRun } from '../api/run.js';
import type { WaitingWorker } from '../pool/waiting-worker.js';
import type { ListenerAddress } from '../runtime/listener-place.js';
import { execute } from './execute.js';
import { formatNotice, type Report, reportEnd } from './messages.js';
import { writeText } from './output.js';
import type { Ways } from './parts.js';
import type { RunRequest } from './request.js';
import { forwardSignals } from './signals.js';
import { formatStats } from './stats.js';

/** Runs the module to its end. Throws LoadError when it cannot be started. */
export async function runModule(
  request: RunRequest,
  ways: Ways,
  worker: WaitingWorker | undefined,
): Promise<Report> {
  const { module, args, options, optimize, trace, stats } = request;
  const runOptions: RunOptions = {
    ...options,
    args,
    optimize: optimize ? 'always' : 'small',
    stdin: 'inherit',
    onNotice: (line) => writeText(2, formatNotice(line)),
    ...(trace && { trace: 'stderr' }),
  };
  const { result, started } = await execute(module, runOptions, ways, worker);
  // Not before: a program on this very thread could not be reached by a handler, and is ended by the signal itself.
  if (started) {
    forwardSignals(started);
    announceListeners(started, options.listeners ?? []);
  }
  const end = await result;
  const report = reportEnd(end, options.timeout);
  return stats ? { ...report, text: report.text + formatStats(end.stats) } : report;
}

/** Says which ports were found for listeners that may have any. */
function announceListeners({ listening }: StartedRun, asked: readonly string[]): void {
  const announce = (listeners: readonly ListenerAddress[]) => {
    listeners.forEach((listener, i) => {
      if ('path' in listener || !/(^|:)0+$/.test(asked[i] ?? '')) return;
      writeText(2, formatNotice(`listening on ${placeOf(listener)}`));
    });
  };
  // That it failed is the outcome of the run.
  listening.then(announce, () => undefined);
}

function placeOf({ address, port }: Exclude<ListenerAddress, { path: string }>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
