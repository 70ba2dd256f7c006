/** The values of options: from the text a user typed, or a LoadError that names the option and what it takes. */
import { type Stats, statSync } from 'node:fs';
import { LoadError } from '../runtime/load-error.js';
import type { Grant } from '../runtime/mounts.js';
import { parseDuration, parseSize, type TimeUnit } from './quantities.js';

/** A page; no memory is smaller. */
const LEAST_MEMORY = 65_536;
/** Timers of Node take no more: 24 days. */
const MOST_MILLISECONDS = 2 ** 31 - 1;
/** More than any system has; the tables for as many as are allowed are laid out at the start. */
const MOST_THREADS = 1_000_000;
const MOST_PROCESSES = 65_536;

function refuse(option: string, text: string, problem: string, hint?: string): never {
  throw new LoadError('bad-option', `${option} ${text === '' ? '""' : text}: ${problem}`, hint);
}

/** A number of threads of at least `least`. */
export function threadCount(option: string, text: string, least: number): number {
  return count(option, text, least, MOST_THREADS);
}

/** A number of processes, the first one included. */
export function processCount(option: string, text: string): number {
  return count(option, text, 1, MOST_PROCESSES);
}

function count(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  return refuse(option, text, `not a whole number from ${least} to ${most}`);
}

/** A size in bytes. */
export function memorySize(option: string, text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined)
    return refuse(option, text, 'not a size', 'sizes are bytes, or such as 64k, 16m, 1g');
  if (bytes < LEAST_MEMORY) return refuse(option, text, 'less than one page of memory, 64k');
  return bytes;
}

/** A duration of at least `least` milliseconds; a bare number counts `unit`. */
export function duration(option: string, text: string, unit: TimeUnit, least: number): number {
  const value = parseDuration(text, unit);
  const named = unit === 's' ? 'seconds' : 'milliseconds';
  if (value === undefined) {
    return refuse(option, text, 'not a duration', `durations are ${named}, or such as 500ms, 1.5s, 2m`);
  }
  if (value < least) return refuse(option, text, `shorter than ${least} ms`);
  if (value > MOST_MILLISECONDS) return refuse(option, text, 'longer than 24 days');
  return value;
}

/** `HOST[::GUEST]`, of a directory that exists. */
export function hostDirectory(option: string, text: string, readOnly: boolean): Grant {
  const separator = text.indexOf('::');
  const host = separator < 0 ? text : text.slice(0, separator);
  const guest = separator < 0 ? undefined : text.slice(separator + 2);
  if (host === '') return refuse(option, text, 'names no host directory');
  if (guest === '') return refuse(option, text, 'names no guest path after ::');
  const problem = directoryProblem(host);
  if (problem) return refuse(option, host, problem);
  return { host, guest, readOnly };
}

function directoryProblem(path: string): string | undefined {
  const status = statusOf(path);
  if (typeof status === 'string') return status;
  if (!status) return 'no such directory';
  return status.isDirectory() ? undefined : 'not a directory';
}

/** What is at `path`, undefined for nothing; or why that cannot be known. */
function statusOf(path: string): Stats | string | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `NAME=HOST`, of a regular file that exists. */
export function command(option: string, text: string): readonly [name: string, host: string] {
  const separator = text.indexOf('=');
  const [name, host] = [text.slice(0, Math.max(separator, 0)), text.slice(separator + 1)];
  if (separator < 0) return refuse(option, text, 'names no file', `such as ${option} ls=tools/ls.wasm`);
  if (name === '' || name.includes('/')) return refuse(option, text, 'names no command before the =');
  if (host === '') return refuse(option, text, 'names no file after the =');
  const problem = fileProblem(host);
  return problem ? refuse(option, text, problem) : [name, host];
}

function fileProblem(path: string): string | undefined {
  const status = statusOf(path);
  if (typeof status === 'string') return status;
  if (!status) return 'no such file';
  return status.isFile() ? undefined : 'not a regular file';
}

/** Where a private directory appears. */
export function privateDirectory(option: string, text: string): Grant {
  if (text === '') return refuse(option, text, 'names no guest path');
  return { host: undefined, guest: text };
}

/** `NAME=VALUE`, or `NAME` for the host's value; undefined for a variable that the host does not have. */
export function variable(option: string, text: string): readonly [name: string, value: string] | undefined {
  const separator = text.indexOf('=');
  const name = separator < 0 ? text : text.slice(0, separator);
  if (name === '') return refuse(option, text, 'names no variable');
  if (separator >= 0) return [name, text.slice(separator + 1)];
  // What all objects have, such as `constructor`, is no variable.
  const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
  return value === undefined ? undefined : [name, value];
}

/** A text that is not empty. */
export function nonEmpty(option: string, text: string): string {
  return text === '' ? refuse(option, text, 'is empty') : text;
}
