/** Reading a command line that has options. Apart from the rest because its parser takes some milliseconds to load. */
import { Command, CommanderError, Option } from 'commander';
import { DEFAULT_THREADS } from '../api/settings.js';
import { LoadError } from '../runtime/load-error.js';
import { formatHelp } from './help.js';
import { grantsOf, noNetwork } from './network-options.js';
import { type OptionsMet, optionGroups } from './option-table.js';
import { splitCommandLine } from './optional-values.js';
import { INSPECT, missingModule, type Request } from './request.js';

declare const __VERSION__: string;

/** Code of the error by which an option leaves the parser with a text to print. */
const PRINT = 'wasix-run.print';

/** Reads a command line with options or a subcommand. Throws LoadError. */
export function parseCommandLine(argv: readonly string[]): Request {
  const met: OptionsMet = {
    options: {},
    dirs: [],
    // A variable may have any name, such as `__proto__`.
    env: Object.create(null) as Record<string, string>,
    commands: Object.create(null) as Record<string, string>,
    net: noNetwork(),
    optimize: false,
    trace: false,
    stats: false,
  };
  let request: Request | undefined;
  const program = createProgram(met)
    .argument('<module.wasm>')
    .argument('[args...]')
    .action((module: string, args: string[]) => {
      request = runRequest(module, args, met);
    });
  const { options, rest } = splitCommandLine(argv, program.options);
  // What follows `--` is a module, whatever it is called: the parser would take it for the subcommand even so.
  if (rest[0] === INSPECT) {
    const inspect = program.command(INSPECT).helpOption(false).argument('<module.wasm>');
    addPrinting(inspect).action((module: string) => {
      refuseOptions(program);
      request = { kind: 'inspect', module };
    });
  }
  try {
    program.parse([...options, ...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code !== PRINT) throw explain(error);
    return { kind: 'print', text: error.message };
  }
  if (!request) throw missingModule();
  return request;
}

/** The parser without its arguments: silent, ended by exceptions, and blind to all that follows the module. */
function createProgram(met: OptionsMet): Command {
  const program = new Command('wasix-run')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .enablePositionalOptions()
    .passThroughOptions()
    .helpCommand(false)
    .helpOption(false);
  for (const { flags, take } of Object.values(optionGroups).flat()) {
    const option = new Option(flags.replace('[=', ' ['));
    program.addOption(option);
    program.on(`option:${option.name()}`, (text?: string) => take(met, text ?? ''));
  }
  return addPrinting(program);
}

function addPrinting(command: Command): Command {
  const print = (text: string) => () => {
    throw new CommanderError(0, PRINT, text);
  };
  return command
    .option('-h, --help')
    .on('option:help', print(formatHelp()))
    .option('-V, --version')
    .on('option:version', print(`wasix-run ${__VERSION__}\n`));
}

/** Options for a run mean nothing to a subcommand. */
function refuseOptions(program: Command): void {
  const given = program.options.find(
    (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given) throw new LoadError('bad-option', `${given.long}: ${INSPECT} takes no options`);
}

function runRequest(module: string, args: readonly string[], met: OptionsMet): Request {
  if (module === '') throw missingModule();
  const { dirs, env, commands, optimize, trace, stats } = met;
  const net = grantsOf(met.net);
  const options = net === undefined ? met.options : { ...met.options, net };
  const { coreThreads = 0, maxThreads = DEFAULT_THREADS } = options;
  if (coreThreads > maxThreads) {
    throw new LoadError(
      'bad-option',
      `--core-threads ${coreThreads}: more than --max-threads, ${maxThreads}`,
    );
  }
  return { kind: 'run', module, args, options: { ...options, dirs, env, commands }, optimize, trace, stats };
}

/** The parser's own complaint as ours, such as `error: unknown option '--dri'` and `(Did you mean --dir?)`. */
function explain({ code, message }: CommanderError): LoadError {
  if (code === 'commander.missingArgument') return missingModule();
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const [, flags] = /^option '(.*)' argument missing$/.exec(problem) ?? [];
  if (flags !== undefined)
    return new LoadError('bad-option', `${flags.replace(/[<>]/g, '')}: the value is missing`);
  const hint = suggestion?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1?');
  return new LoadError('bad-option', problem, hint ?? 'see wasix-run --help');
}
