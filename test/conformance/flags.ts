/** The options of `wasix-run` that cases use, as options of the API. */

import { parseDuration, parseSize } from '../../src/cli/quantities.js';
import type { Grant, RunOptions } from '../../src/index.js';

type Settings = { -readonly [K in keyof RunOptions]: RunOptions[K] };

const flags: Readonly<Record<string, (settings: Settings, value: string) => void>> = {
  '--max-threads': (settings, value) => {
    settings.maxThreads = Number(value);
  },
  '--max-processes': (settings, value) => {
    settings.maxProcesses = Number(value);
  },
  '--core-threads': (settings, value) => {
    settings.coreThreads = Number(value);
  },
  '--max-memory': (settings, value) => {
    settings.maxMemory = parsed('--max-memory', value, parseSize(value));
  },
  '--timeout': (settings, value) => {
    settings.timeout = parsed('--timeout', value, parseDuration(value, 's'));
  },
  '--net': (settings, value) => {
    const rules = value.split(',');
    settings.net = { connect: rules, listen: rules.filter((rule) => rule === 'loopback') };
  },
  '--listen-on': (settings, value) => {
    const { connect = [], listen = [] } = typeof settings.net === 'object' ? settings.net : {};
    settings.net = { connect, listen: [...listen, value] };
  },
  '--listen': (settings, value) => {
    settings.listeners = [...(settings.listeners ?? []), value];
  },
  '--entry': (settings, value) => {
    settings.entry = value;
  },
  '--cwd': (settings, value) => {
    settings.cwd = value;
  },
  '--dir-ro': (settings, value) => {
    const [host = '', guest = host] = value.split('::');
    grant(settings, { host, guest, readOnly: true });
  },
  '--tmpfs': (settings, value) => {
    grant(settings, { host: undefined, guest: value });
  },
  '--map-command': (settings, value) => {
    const [name = '', ...host] = value.split('=');
    settings.commands = { ...settings.commands, [name]: host.join('=') };
  },
  '--env': (settings, value) => {
    const [key = '', ...rest] = value.split('=');
    settings.env = { ...settings.env, [key]: rest.join('=') };
  },
};

function grant(settings: Settings, mount: Grant): void {
  settings.dirs = [...(settings.dirs ?? []), mount];
}

function parsed(flag: string, value: string, result: number | undefined): number {
  if (result === undefined) throw new Error(`${flag} does not take "${value}"`);
  return result;
}

/**
 * Translates `--flag value` pairs, and `--net=value`, which has no other form. Throws for a flag that it does not know:
 * then it is to be added here.
 */
export function optionsOfFlags(options: readonly string[]): RunOptions {
  const settings: Settings = {};
  const words = options.flatMap((word) => (word.startsWith('--net=') ? ['--net', word.slice(6)] : [word]));
  for (let i = 0; i < words.length; i += 2) {
    const apply = flags[words[i]!];
    if (!apply) throw new Error(`the option ${words[i]} is not known to flags.ts`);
    apply(settings, words[i + 1] ?? '');
  }
  return settings;
}
