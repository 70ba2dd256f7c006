import { parserPart } from './parts.js';
import { INSPECT, missingModule, type Request } from './request.js';

/**
 * Understands the command line, without the names of Node and the script. Throws LoadError for options that are wrong.
 */
export function readCommandLine(argv: readonly string[]): Request {
  const [first, ...rest] = argv;
  if (first === undefined || first === '') throw missingModule();
  // Everything after the module is the guest's: without an option before it there is nothing to parse, and the
  // parser, which takes some milliseconds to load, is left alone.
  if (!first.startsWith('-') && first !== INSPECT) {
    return {
      kind: 'run',
      module: first,
      args: rest,
      options: {},
      optimize: false,
      trace: false,
      stats: false,
    };
  }
  return parserPart().parseCommandLine(argv);
}
