/**
 * Having the worker of a program with threads boot while this process still loads what runs it. The two take about as
 * long, and where there is a second processor they need not wait for one another.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { workerThreadsModule } from '../kernel/builtin-modules.js';
import { createWaiting, type WaitingWorker } from '../pool/waiting-worker.js';
import { chosenFlags, preferOptimizingCompiler } from '../runtime/compiler-flags.js';
import { INSPECT } from './request.js';

/** Modules tell within this many bytes what they import, and how much code they have. */
const PREFIX_BYTES = 0x1_0000;

const PREAMBLE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const SectionId = { IMPORT: 2, CODE: 10 } as const;

export interface EarlyStart {
  readonly worker?: WaitingWorker;
  /** Names the flags of V8 that are set now (boot/load-bundle.ts). */
  readonly flags: string;
}

const NOTHING: EarlyStart = { flags: '' };

/**
 * Starts the worker, from the script `entry`, if the command line begins with a module that has threads. With options
 * before the module, and wherever there is the least doubt, nothing is done: all is looked at again by those whose
 * business it is.
 */
export function startEarly(argv: readonly string[], entry: string): EarlyStart {
  const [first] = argv;
  if (!first || first.startsWith('-') || first === INSPECT) return NOTHING;
  try {
    const codeBytes = codeOfThreaded(readPrefix(first));
    if (codeBytes === undefined) return NOTHING;
    // Workers find out when they start which compiler it is.
    preferOptimizingCompiler(codeBytes);
    return { worker: createWaiting(workerThreadsModule(), entry, 'wasix-run-0'), flags: chosenFlags() };
  } catch {
    return { flags: chosenFlags() };
  }
}

function readPrefix(path: string): Buffer {
  if (!statSync(path).isFile()) return Buffer.alloc(0);
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(PREFIX_BYTES);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, PREFIX_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes of the code section of a module that imports a call to start threads; undefined for any other. */
export function codeOfThreaded(prefix: Buffer): number | undefined {
  if (!prefix.subarray(0, PREAMBLE.length).equals(PREAMBLE)) return undefined;
  let threaded = false;
  let at = PREAMBLE.length;
  while (at + 6 <= prefix.length) {
    const id = prefix[at++];
    let size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80 && shift < 35; shift += 7) {
      byte = prefix[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
    }
    const section = prefix.subarray(at, at + size);
    if (id === SectionId.IMPORT)
      threaded = section.includes('thread-spawn') || section.includes('thread_spawn');
    if (id === SectionId.CODE) return threaded ? size : undefined;
    at += size;
  }
  return undefined;
}
