/** Running a module for the CLI. */
import { start } from '../api/run.js';
import type { RunRequest } from './command-line.js';
import { formatNotice, type Report, reportEnd } from './messages.js';
import { writeText } from './output.js';
import { SignalForwarder } from './signals.js';
import { formatStats } from './stats.js';

/** Runs the module to its end. Throws LoadError when it cannot be started. */
export async function runModule(request: RunRequest): Promise<Report> {
  const { module, args, options, trace, stats } = request;
  const signals = new SignalForwarder();
  const { result, kill } = await start(module, {
    ...options,
    args,
    stdin: 'inherit',
    onNotice: (line) => writeText(2, formatNotice(line)),
    ...(trace && { trace: (line: string) => writeText(2, `${line}\n`) }),
  });
  signals.forwardTo(kill);
  const end = await result;
  const report = reportEnd(end, options.timeout);
  return stats ? { ...report, text: report.text + formatStats(end.stats) } : report;
}
