/** The options of the class `WASI`, checked as `node:wasi` checks them: the same errors, by their codes. */
import { utilModule } from '../kernel/builtin-modules.js';
import type { EmbeddedNamespace } from '../runtime/host/embedded-guest.js';
import type { Grant } from '../runtime/mounts.js';

/** Options of `WASI`, as of `node:wasi`'s. Nothing is granted that is not named here, but the standard streams. */
export interface WASIOptions {
  /** The interface that the program was built for: `'preview1'`, or `'unstable'` for the one before it. */
  readonly version: 'preview1' | 'unstable';
  /** Arguments, the program's name first. Default: none. */
  readonly args?: readonly string[] | undefined;
  /** Environment variables. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Directories: their names for the program, and their host paths. Default: none. */
  readonly preopens?: Readonly<Record<string, string>> | undefined;
  /** Host descriptors that are the program's 0, 1 and 2. They stay open. Default: 0, 1 and 2. */
  readonly stdin?: number | undefined;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
  /** Whether `start` returns when the program exits; else that ends Node's process with its code. Default true. */
  readonly returnOnExit?: boolean | undefined;
}

const NAMESPACES = { preview1: 'wasi_snapshot_preview1', unstable: 'wasi_unstable' } as const;

/** The options with all defaults decided. */
interface WASISettings {
  readonly namespace: EmbeddedNamespace;
  readonly args: readonly string[];
  /** Entries `KEY=VALUE`. */
  readonly env: readonly string[];
  readonly grants: readonly Grant[];
  readonly stdio: readonly [number, number, number];
  readonly returnOnExit: boolean;
}

/** Throws TypeError or RangeError, with Node's codes. */
export function settingsOf(options: WASIOptions): WASISettings {
  checkObject(options, 'The "options" argument');
  const version = choiceOption('version', options.version, ['preview1', 'unstable']);
  const args = listOption('args', options.args).map((arg) => textOption('args', String(arg)));
  const env = Object.entries(recordOption('env', options.env)).flatMap(([key, value]) =>
    value === undefined ? [] : [textOption('env', `${key}=${String(value)}`)],
  );
  const grants = Object.entries(recordOption('preopens', options.preopens)).map(([guest, host]) => ({
    guest,
    host: String(host),
  }));
  const stdio = [
    descriptorOption('stdin', options.stdin, 0),
    descriptorOption('stdout', options.stdout, 1),
    descriptorOption('stderr', options.stderr, 2),
  ] as const;
  const returnOnExit = flagOption('returnOnExit', options.returnOnExit, true);
  return { namespace: NAMESPACES[version], args, env, grants, stdio, returnOnExit };
}

/** The errors of Node that the class throws, by code. */
export function nodeError<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}

/** Of a value of the wrong type. `what` is such as `The "options" argument`. */
export function wrongType(what: string, expected: string, value: unknown): TypeError {
  const message = `${what} must be ${expected}. Received ${utilModule().inspect(value, { depth: 0 })}`;
  return nodeError(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

/** Of a property that is no object. Arrays and functions are none here. */
export function checkObject(value: unknown, what: string): asserts value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw wrongType(what, 'of type object', value);
  }
}

function property(name: string): string {
  return `The "options.${name}" property`;
}

/** A record of the options; empty when it was left out. */
function recordOption(name: string, value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  checkObject(value, property(name));
  return value;
}

function listOption(name: string, value: unknown): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw wrongType(property(name), 'an instance of Array', value);
}

/** A number of a host descriptor. */
function descriptorOption(name: string, value: unknown, preset: number): number {
  if (value === undefined) return preset;
  if (typeof value !== 'number') throw wrongType(property(name), 'of type number', value);
  if (Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff) return value;
  const message = `The value of "options.${name}" is out of range. It must be an integer from 0 to 2147483647. Received ${value}`;
  throw nodeError(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

function flagOption(name: string, value: unknown, preset: boolean): boolean {
  if (value === undefined) return preset;
  if (typeof value !== 'boolean') throw wrongType(property(name), 'of type boolean', value);
  return value;
}

/** One of `choices`, which has no default. */
function choiceOption<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (typeof value !== 'string') throw wrongType(property(name), 'of type string', value);
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw wrongValue(name, `must be one of ${choices.map((each) => `'${each}'`).join(', ')}`, value);
}

/** Of a value that has the right type and no meaning. */
function wrongValue(name: string, problem: string, value: unknown): TypeError {
  const message = `The property 'options.${name}' ${problem}. Received ${utilModule().inspect(value)}`;
  return nodeError(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

/** What a program gets as text ends at its first NUL. */
function textOption(name: string, text: string): string {
  if (text.includes('\0')) throw wrongValue(name, 'must be a string without null bytes', text);
  return text;
}
