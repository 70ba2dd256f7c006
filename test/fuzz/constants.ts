/** The texts that fuzzed calls are given, laid out in the constant part of the guest's memory. */
import { ARENA, CONSTANTS } from './guest-map.js';

/** Paths of the scratch tree, and what might lead out of it. */
const paths = [
  ...['a', 'b', 'c', 'd', 'e', 'd/a', 'd/b', 'd/e', 'd/e/f', 'big', 'text', 'link', 'loop', 'out', 'nowhere'],
  ...['.', '..', '/', './a', 'd/..', 'd/../a', '../..', '../../etc/passwd', 'a/', 'd/', 'a/b', 'link/a'],
  ...['', '//', '/a', '/data', '/data/a', '/data/d/b', '/tmp', '/tmp/x', '/tmp/y/z', '/bin', '/bin/child'],
  ...['/read', '/read/text', '/dev', '/dev/null', '/dev/zero', '/dev/urandom', '/dev/full', '/dev/tty'],
  ...['/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/fd', '/proc', '/proc/self/fd/0', '/home'],
  ...['n'.repeat(255), 'm'.repeat(256), 'a/'.repeat(300), 'p'.repeat(5000), 'a\0b', '\ud7ff', ' ', '-', ':'],
];

/** What symbolic links are given: nothing that would lead anywhere on a host that followed it. */
const targets = [
  'a',
  'd',
  'd/a',
  '..',
  '../..',
  'd/..',
  '.',
  'link',
  'loop',
  '/data/a',
  '/data',
  '/nowhere/a',
  '',
];

/** Names of programs. */
const programs = [
  'child',
  '/bin/child',
  'child',
  'a',
  '/bin',
  './text',
  'broken',
  '/bin/broken',
  '',
  'nowhere',
];

/** Arguments and environments as lines, lists of directories. */
const lines = [
  '',
  'x',
  'x\ny',
  'A=1\nB=2',
  'A=1',
  '\n\n',
  'x\ry',
  '/bin',
  '/bin:/data',
  ':',
  '/tmp:/nowhere:',
];

const hosts = ['localhost', '127.0.0.1', '::1', '', '*', 'a b', '0x7f.1', '127.0.0.1:80'];

/** Exports of the guest, and what is none. */
const exportsOfGuest = ['__wasm_signal', '__wasm_signal', '__wasm_signal', 'memory', 'nothing', ''];

/** A text in memory. */
export interface Text {
  readonly pointer: number;
  readonly length: number;
}

/** Bytes that are no UTF-8. */
const invalid = Uint8Array.from([0x61, 0xff, 0xfe, 0xc0, 0x80]);

const image = new Uint8Array(CONSTANTS.end - CONSTANTS.start);
let used = 0;

function place(bytes: Uint8Array): number {
  const pointer = CONSTANTS.start + used;
  // A NUL behind each text lets lists of pointers name it.
  image.set(bytes, used);
  used += bytes.length + 1;
  return pointer;
}

const encoder = new TextEncoder();

function placeAll(texts: readonly string[]): Text[] {
  return texts.map((text) => {
    const bytes = encoder.encode(text);
    return { pointer: place(bytes), length: bytes.length };
  });
}

/** Texts by what they are for. */
export const texts = {
  paths: placeAll(paths),
  targets: placeAll(targets),
  programs: placeAll(programs),
  lines: placeAll(lines),
  environments: placeAll(['A=1', 'A=1\nB=2', '=']),
  empty: placeAll(['']),
  hosts: placeAll(hosts),
  exports: placeAll(exportsOfGuest),
  invalid: { pointer: place(invalid), length: invalid.length },
} as const;

/** The text of one of the paths. */
export function pathText(path: string): Text {
  return texts.paths[paths.indexOf(path)]!;
}

/** The name under which the guest exports its signal handler. */
export const handlerName: Text = texts.exports[0]!;

/** A list of more buffers than one call moves, a byte each. */
export const manyBuffers = placeBuffers(1500);

function placeBuffers(count: number): { readonly pointer: number; readonly count: number } {
  used = (used + 7) & ~7;
  const pointer = CONSTANTS.start + used;
  const view = new DataView(image.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint32(used + i * 8, ARENA.start + i, true);
    view.setUint32(used + i * 8 + 4, 1, true);
  }
  used += count * 8;
  return { pointer, count };
}

/** What the guest copies to `CONSTANTS` before anything else. */
export const constants: Uint8Array = image;
