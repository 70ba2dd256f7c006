import { INSPECT, missingModule, type Request } from './request.js';

/**
 * Understands the command line, without the names of Node and the script. Throws LoadError for options that are wrong.
 */
export async function readCommandLine(argv: readonly string[]): Promise<Request> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '') throw missingModule();
  // Everything after the module is the guest's: without an option before it there is nothing to parse, and the
  // parser, which takes some milliseconds to load, is left alone.
  if (!first.startsWith('-') && first !== INSPECT) {
    return { kind: 'run', module: first, args: rest, options: {}, trace: false, stats: false };
  }
  const { parseCommandLine } = await import('./parser.js');
  return parseCommandLine(argv);
}
