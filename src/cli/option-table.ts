/** Every option: how it is written, what the help says of it, what it does to the run. */
import type { RunOptions } from '../api/options.js';
import type { Grant } from '../runtime/mounts.js';
import {
  chooseNameServers,
  grantListening,
  grantNetwork,
  handListener,
  type NetworkMet,
} from './network-options.js';
import * as value from './option-values.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the options before the module come to, as they are met. */
export interface OptionsMet {
  readonly options: Writable<Omit<RunOptions, 'dirs' | 'env' | 'commands' | 'net'>>;
  /** Directories of all kinds in the order given, which is the order of their descriptors. */
  readonly dirs: Grant[];
  readonly env: Record<string, string>;
  /** Host paths by the names of commands. */
  readonly commands: Record<string, string>;
  readonly net: NetworkMet;
  optimize: boolean;
  trace: boolean;
  stats: boolean;
}

export interface OptionEntry {
  /** As commander has them; `<…>` is the name of the value, `[=…]` one that may be left out. */
  readonly flags: string;
  /** Column of the help. */
  readonly text: string;
  /** Shares the row of the option before it in the help, which is one screen. */
  readonly beside?: true;
  /** Takes the value as typed, empty for an option without one. Throws LoadError. */
  readonly take: (met: OptionsMet, text: string) => void;
}

const files: readonly OptionEntry[] = [
  {
    flags: '--dir <HOST[::GUEST]>',
    text: 'grant a directory, seen as GUEST by the program',
    take: (met, text) => met.dirs.push(value.hostDirectory('--dir', text, false)),
  },
  {
    flags: '--dir-ro <HOST[::GUEST]>',
    text: 'the same, read-only',
    take: (met, text) => met.dirs.push(value.hostDirectory('--dir-ro', text, true)),
  },
  {
    flags: '--tmpfs <GUEST>',
    text: 'an empty directory of its own, removed at the end',
    take: (met, text) => met.dirs.push(value.privateDirectory('--tmpfs', text)),
  },
  {
    flags: '--map-command <NAME=HOST>',
    text: 'a program that a WASIX program finds as /bin/NAME',
    take: ({ commands }, text) => {
      const [name, host] = value.command('--map-command', text);
      commands[name] = host;
    },
  },
  {
    flags: '--cwd <GUEST>',
    text: 'working directory of a WASIX program',
    take: ({ options }, text) => {
      options.cwd = value.nonEmpty('--cwd', text);
    },
  },
];

const network: readonly OptionEntry[] = [
  {
    flags: '--net[=HOST[:PORT],...]',
    text: 'the network, all or what is named; such as =loopback',
    take: ({ net }, text) => grantNetwork(net, text),
  },
  {
    flags: '--listen-on <ADDR[:PORT]>',
    text: 'an address that the program may listen on',
    take: ({ net }, text) => grantListening(net, text),
  },
  {
    flags: '--listen <[IP:]PORT>',
    text: 'or unix:PATH: a listener given as descriptor 3',
    take: ({ options }, text) => {
      options.listeners = handListener(options.listeners, text);
    },
  },
  {
    flags: '--dns <ADDR[:PORT]>',
    text: "a name server to ask instead of the system's",
    take: ({ net }, text) => chooseNameServers(net, text),
  },
];

const program: readonly OptionEntry[] = [
  {
    flags: '-e, --env <NAME[=VALUE]>',
    text: "set a variable, or pass on this process's own",
    take: ({ env }, text) => {
      const variable = value.variable('--env', text);
      if (variable) env[variable[0]] = variable[1];
    },
  },
  {
    flags: '--entry <NAME>',
    text: 'exported function to call instead of _start',
    take: ({ options }, text) => {
      options.entry = value.nonEmpty('--entry', text);
    },
  },
  {
    flags: '--optimize',
    text: 'start later, run loops faster: for long computations',
    take: (met) => {
      met.optimize = true;
    },
  },
];

const limits: readonly OptionEntry[] = [
  {
    flags: '--max-threads <N>',
    text: 'threads alive at once, with the main one (1024)',
    take: ({ options }, text) => {
      options.maxThreads = value.threadCount('--max-threads', text, 1);
    },
  },
  {
    flags: '--max-processes <N>',
    text: 'processes at once, with those not waited for (256)',
    take: ({ options }, text) => {
      options.maxProcesses = value.processCount('--max-processes', text);
    },
  },
  {
    flags: '--max-memory <SIZE>',
    text: 'memory of the program: bytes, or such as 64m, 1g',
    take: ({ options }, text) => {
      options.maxMemory = value.memorySize('--max-memory', text);
    },
  },
  {
    flags: '--timeout <TIME>',
    text: 'end it then: seconds, or such as 500ms, 1.5s, 2m',
    take: ({ options }, text) => {
      options.timeout = value.duration('--timeout', text, 's', 1);
    },
  },
];

const workers: readonly OptionEntry[] = [
  {
    flags: '--core-threads <N>',
    text: 'threads made ready (0)',
    take: ({ options }, text) => {
      options.coreThreads = value.threadCount('--core-threads', text, 0);
    },
  },
  {
    flags: '--keep-alive <TIME>',
    text: 'kept (1m)',
    beside: true,
    take: ({ options }, text) => {
      options.keepAlive = value.duration('--keep-alive', text, 'ms', 0);
    },
  },
];

const reports: readonly OptionEntry[] = [
  {
    flags: '--trace',
    text: 'every call, on stderr',
    take: (met) => {
      met.trace = true;
    },
  },
  {
    flags: '--stats',
    text: 'counts at the end',
    beside: true,
    take: (met) => {
      met.stats = true;
    },
  },
];

/** All options but help and version, by subject. */
export const optionGroups: Readonly<Record<string, readonly OptionEntry[]>> = {
  'Files and network (the program gets none but these)': [...files, ...network],
  'Program, reports, limits, threads': [...program, ...reports, ...limits, ...workers],
};
