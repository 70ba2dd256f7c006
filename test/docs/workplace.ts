/** The folder that examples run in: the programs they name, and `wasix-run` as a package and as a command. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const programs = [
  'ends/spin-forever',
  'ends/trap',
  'programs/accept',
  'programs/cat',
  'programs/hello',
  'programs/hello-threads',
  'programs/mandelbrot',
  'programs/wordcount',
  'threads/hello-thread',
  'threads/spawn-past-limit',
  'wasix/not-yet',
  'wasix/sock-peer',
];

/**
 * A program with an import of its own: its exit status is what that answers.
 *
 *   (import "env" "answer" (func $answer (result i32)))
 *   (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
 *   (func (export "_start") call $answer call $exit)
 */
const answer = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(1, [3, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 0, 0x60, 0, 0]),
  ...section(2, [
    2,
    ...[...name('env'), ...name('answer'), 0, 0],
    ...[...name('wasi_snapshot_preview1'), ...name('proc_exit'), 0, 1],
  ]),
  ...section(3, [1, 2]),
  ...section(7, [1, ...name('_start'), 0, 2]),
  ...section(10, [1, 6, 0, 0x10, 0, 0x10, 1, 0x0b]),
];

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

/** A temporary folder for examples. */
export interface Workplace {
  readonly path: string;
  /** PATH by which examples find `wasix-run` and the `node` of the tests. */
  readonly searchPath: string;
  dispose(): void;
}

export function makeWorkplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), 'wasix-run-docs-'));
  for (const program of programs)
    copyFileSync(`${root}/fixtures/${program}.wasm`, join(path, `${basename(program)}.wasm`));
  cpSync(`${root}/fixtures/programs/texts.dir`, join(path, 'texts'), { recursive: true });
  writeFileSync(join(path, 'answer.wasm'), Uint8Array.from(answer));
  writeFileSync(join(path, 'square.mjs'), 'export default (n) => n * n;\n');
  writeFileSync(join(path, 'answers.mjs'), 'export const env = { answer: () => 42 };\n');
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(root, join(path, 'node_modules/wasix-run'), 'dir');
  const commands = join(path, 'node_modules/.bin');
  mkdirSync(commands);
  writeFileSync(
    join(commands, 'wasix-run'),
    `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/wasix-run.cjs" "$@"\n`,
  );
  chmodSync(join(commands, 'wasix-run'), 0o755);
  return {
    path,
    searchPath: `${commands}:${process.env.PATH}`,
    dispose: () => rmSync(path, { recursive: true }),
  };
}
