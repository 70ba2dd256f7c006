import { namesOf } from '../host-imports.js';
import type { ProcessImage } from '../image.js';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import type { NewProcess } from './process-setup.js';

const encoder = new TextEncoder();

/** Size of a terminal that tells none. */
const USUAL = { columns: 80, rows: 24 };

function encodeAll(strings: readonly string[]): Uint8Array[] {
  return strings.map((string) => encoder.encode(string));
}

function monotonicSeconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9;
}

/** Puts together what the threads of a process are given. `terminals` says which of 0, 1, 2
 * are terminals. */
export function makeImage(
  key: number,
  { module, traits }: LoadedModule,
  guest: NewProcess,
  settings: RunSettings,
  { terminals, trace }: { terminals: readonly boolean[]; trace: ProcessImage['trace'] },
): ProcessImage {
  const [stdin = false, stdout = false, stderr = false] = terminals;
  const { columns = USUAL.columns, rows = USUAL.rows } = stdout ? process.stdout : USUAL;
  return {
    key,
    module,
    traits,
    memory: guest.memory,
    kernel: guest.kernel.memory,
    process: guest.process,
    files: guest.files,
    args: encodeAll(settings.args),
    env: encodeAll(settings.env),
    terminal: { stdin, stdout, stderr, columns, rows },
    entry: settings.entry,
    importsUrl: settings.importsUrl,
    hostImports: namesOf(settings.imports),
    trace,
    started: monotonicSeconds(),
  };
}
