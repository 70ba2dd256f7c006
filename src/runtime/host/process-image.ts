import { PROCESS } from '../../kernel/processes/process-record.js';
import { relayModule } from '../binary/host-wait.js';
import { namesOf } from '../host-imports.js';
import type { ProcessImage } from '../image.js';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import type { NewProcess } from './process-setup.js';

const encoder = new TextEncoder();

/** Strings as guests get them. */
export function encodeAll(strings: readonly string[]): Uint8Array[] {
  return strings.map((string) => encoder.encode(string));
}

/** Seconds of the system's monotonic clock, with which `ProcessImage.started` is told. */
export function monotonicSeconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9;
}

/** Puts together what the threads of a process are given. `terminals` says which of 0, 1, 2
 * are terminals. */
export function makeImage(
  key: number,
  { module, traits, threaded }: LoadedModule,
  guest: NewProcess,
  settings: RunSettings,
  { terminals, trace }: { terminals: readonly boolean[]; trace: ProcessImage['trace'] },
): ProcessImage {
  const [stdin = false, stdout = false, stderr = false] = terminals;
  return {
    key,
    module,
    traits,
    waitRelay: threaded ? relayModule() : undefined,
    memory: guest.memory,
    maxMemory: settings.maxMemory,
    serial: guest.kernel.words[guest.process + PROCESS.SERIAL]!,
    kernel: guest.kernel.memory,
    process: guest.process,
    files: guest.files,
    args: encodeAll(settings.args),
    env: encodeAll(settings.env),
    terminal: { stdin, stdout, stderr },
    optimize: settings.optimize,
    entry: settings.entry,
    importsUrl: settings.importsUrl,
    hostImports: namesOf(settings.imports),
    trace,
    started: monotonicSeconds(),
  };
}
