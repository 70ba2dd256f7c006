/** How guests hand over arguments and environments of programs: one text of lines, or arrays of pointers (ABI §5.3). */
import { Errno } from '../abi/errno.js';
import { fail } from '../kernel/failure.js';
import type { ProgramArguments } from '../kernel/processes/process-control.js';
import type { ProgramName } from '../kernel/processes/program-file.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';

/** Most bytes of arguments and environment together, as Linux has it by default. */
const MOST_BYTES = 2 * 1024 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const EQUALS = 61;

const encoder = new TextEncoder();

/** The lines of a text; empty ones vanish, NUL bytes end nothing (ABI §5.3). */
function linesAt(thread: GuestThread, pointer: number, length: number): Uint8Array[] {
  if (length >>> 0 > MOST_BYTES) fail(Errno.TOOBIG);
  const bytes = thread.memory.copy(pointer, length);
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) continue;
    if (at > start) lines.push(withoutNul(bytes.slice(start, at)));
    start = at + 1;
  }
  return lines;
}

/** The guest's next program takes its strings with a NUL behind each: none can be inside. */
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? fail(Errno.INVAL) : bytes;
}

/** The NUL-terminated strings that an array of `count` pointers at `pointer` names. */
function stringsAt(thread: GuestThread, pointer: number, count: number): Uint8Array[] {
  const { memory } = thread;
  if (count >>> 0 > MOST_BYTES / 4) fail(Errno.TOOBIG);
  const array = memory.span(pointer, (count >>> 0) * 4);
  const strings: Uint8Array[] = [];
  let total = 0;
  for (let i = 0; i < count >>> 0; i++) {
    const start = memory.span(memory.getU32(array + i * 4), 1);
    const end = memory.bytes.indexOf(0, start);
    if (end < 0) fail(Errno.FAULT);
    total += end - start + 1;
    if (total > MOST_BYTES) fail(Errno.TOOBIG);
    strings.push(memory.bytes.slice(start, end));
  }
  return strings;
}

function checkEnvironment(entries: Uint8Array[]): Uint8Array[] {
  for (const entry of entries) if (entry.indexOf(EQUALS) < 0) fail(Errno.INVAL);
  return entries;
}

/** A program's own name stands in for an empty argument list: libcs do not expect none. */
function orName(args: Uint8Array[], name: string): Uint8Array[] {
  return args.length > 0 ? args : [encoder.encode(name)];
}

/** A pair of parameters: where something is, and how long it is or how many there are. */
type Span = readonly [pointer: number, length: number];

/** Reads what a program called `name` is given. */
export type ReadGiven = (thread: GuestThread, name: string, args: Span, env: Span) => ProgramArguments;

/** A null pointer for the environment keeps the caller's; else it is replaced, as POSIX has it. */
function readerBy(listAt: (thread: GuestThread, ...span: Span) => Uint8Array[]): ReadGiven {
  return (thread, name, args, env) => ({
    args: orName(listAt(thread, ...args), name),
    env: env[0] === 0 ? thread.view.env : checkEnvironment(listAt(thread, ...env)),
  });
}

/** Arguments and environment as texts of lines. */
export const readLines: ReadGiven = readerBy(linesAt);

/** Arguments and environment as arrays of pointers, which can hold empty strings and such with line breaks. */
export const readArrays: ReadGiven = readerBy(stringsAt);

/** A program's name and where to look for it. */
export function readName(
  thread: GuestThread,
  [name, nameLength]: readonly [number, number],
  search: number,
  [path, pathLength]: readonly [number, number],
): ProgramName {
  const searching = (search & 0xff) !== 0;
  return {
    name: thread.memory.string(name, nameLength),
    searchPath: searching ? (path === 0 ? '' : thread.memory.string(path, pathLength)) : undefined,
  };
}
