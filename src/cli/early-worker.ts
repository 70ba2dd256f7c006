/**
 * Having the worker of a program that takes one boot while this process still loads what runs it. The two take about as
 * long, and where there is a second processor they need not wait for one another.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { workerThreadsModule } from '../kernel/builtin-modules.js';
import { createWaiting, type WaitingWorker } from '../pool/waiting-worker.js';
import { INSPECT } from './request.js';

/** Modules tell within this many bytes what they import. */
const PREFIX_BYTES = 0x4000;

const PREAMBLE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const IMPORT_SECTION = 2;
const WORKERS_WORK = ['thread-spawn', 'thread_spawn', 'wasix_32v1'];

/**
 * Starts the worker, from the script `entry`, if the first module that the command line names takes one. This is a
 * guess, at what is an option's value and what the module to run: all is looked at by those whose business it is.
 */
export function startEarly(argv: readonly string[], entry: string): WaitingWorker | undefined {
  if (argv[0] === INSPECT) return undefined;
  for (const argument of argv) {
    const prefix = argument.startsWith('-') ? undefined : readPrefix(argument);
    if (!prefix || !isModule(prefix)) continue;
    return needsWorker(prefix) ? startWorker(entry) : undefined;
  }
  return undefined;
}

function startWorker(entry: string): WaitingWorker | undefined {
  try {
    return createWaiting(workerThreadsModule(), entry, 'wasix-run-0');
  } catch {
    return undefined;
  }
}

function readPrefix(path: string): Buffer | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? readBeginning(path) : undefined;
  } catch {
    return undefined;
  }
}

function readBeginning(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(PREFIX_BYTES);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, PREFIX_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function isModule(prefix: Buffer): boolean {
  return prefix.subarray(0, PREAMBLE.length).equals(PREAMBLE);
}

/** Whether the module that begins so imports what takes a worker: a call to start threads, or calls of WASIX. */
export function needsWorker(prefix: Buffer): boolean {
  let at = PREAMBLE.length;
  while (at + 6 <= prefix.length) {
    const id = prefix[at++];
    let size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80 && shift < 35; shift += 7) {
      byte = prefix[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
    }
    const section = prefix.subarray(at, at + size);
    if (id === IMPORT_SECTION) return WORKERS_WORK.some((name) => section.includes(name));
    at += size;
  }
  return false;
}
