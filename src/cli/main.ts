import type { WaitingWorker } from '../pool/waiting-worker.js';
import { readCommandLine } from './command-line.js';
import { type Report, reportError } from './messages.js';
import { writeText } from './output.js';
import { inspectPart, type Ways } from './parts.js';
import type { Request } from './request.js';
import { runModule } from './run.js';

/**
 * Does what the arguments after Node's and the script's ask for, and resolves to the exit status. Never rejects.
 * @param worker one that boots already (early-worker.ts)
 */
export type Main = (argv: readonly string[], worker: WaitingWorker | undefined) => Promise<number>;

export function mainWith(ways: Ways): Main {
  return async (argv, worker) => {
    process.on('uncaughtException', (error) => process.exit(finish(reportError(error))));
    try {
      return finish(await perform(readCommandLine(argv), ways, worker));
    } catch (error) {
      return finish(reportError(error));
    }
  };
}

async function perform(request: Request, ways: Ways, worker: WaitingWorker | undefined): Promise<Report> {
  switch (request.kind) {
    case 'run':
      return runModule(request, ways, worker);
    case 'print':
      writeText(1, request.text);
      return { text: '', status: 0 };
    case 'inspect':
      return { text: '', status: inspectPart().inspectCommand(request) };
  }
}

function finish({ text, status }: Report): number {
  if (text !== '') writeText(2, text);
  return status;
}
