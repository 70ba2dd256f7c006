/** Broken modules: those of fixtures/, changed in ways that a damaged or malicious file could be; and mere bytes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unsigned } from '../../src/runtime/binary/writer.js';
import { guestPath } from '../guests.js';

/** Larger ones take long to compile. */
const LARGEST = 60_000;

const fixtures = join(guestPath('x'), '..');

/** Modules to start from. */
export const originals: readonly Uint8Array[] = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.wasm') && !name.includes('node_modules'))
  .map((name) => join(fixtures, name))
  .filter((path) => statSync(path).size <= LARGEST)
  .sort()
  .map((path) => readFileSync(path));

/** A change of a module. `at`, `length` and `to` are parts of a thousand of what there is. */
export interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

const kinds = [
  ...(['flip', 'byte', 'number', 'cut', 'remove', 'repeat', 'zero'] as const),
  ...(['section size', 'section removed', 'section twice', 'sections swapped', 'section id'] as const),
  ...(['count', 'inserted'] as const),
] as const;

/** A section of a module as its header says: what is wrong with it is not looked at. */
interface Part {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function partsOf(bytes: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let at = 8; at < bytes.length; ) {
    let content = at + 1;
    let size = 0;
    for (let shift = 0; shift < 35 && content < bytes.length; shift += 7) {
      const byte = bytes[content++]!;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const end = Math.min(bytes.length, content + size);
    parts.push({ start: at, content, end });
    at = end;
  }
  return parts;
}

/** `bytes` with what is from `start` to `end` replaced. */
function spliced(bytes: Uint8Array, start: number, end: number, ...between: readonly ArrayLike<number>[]) {
  return Buffer.concat([
    bytes.subarray(0, start),
    ...between.map((part) => Uint8Array.from(part)),
    bytes.subarray(Math.max(start, end)),
  ]);
}

const share = (whole: number, thousandths: number) => Math.floor((whole * thousandths) / 1000);

/** Numbers that a size or count may pretend to be. */
const pretended = [0, 1, 0x7f, 0x80, 0xffff, 0x1_0000, 0x0fff_ffff, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000];

function mutated(bytes: Uint8Array, { kind, at, length, value }: Mutation): Uint8Array {
  const start = share(bytes.length, at);
  const end = Math.min(bytes.length, start + 1 + share(64, length));
  switch (kind) {
    case 'flip':
      return spliced(bytes, start, start + 1, [(bytes[start] ?? 0) ^ (1 << (value & 7))]);
    case 'byte':
      return spliced(bytes, start, start + 1, [value & 0xff]);
    case 'number':
      return spliced(bytes, start, start + 1, unsigned(pretended[value % pretended.length]!));
    case 'cut':
      return bytes.subarray(0, start);
    case 'remove':
      return spliced(bytes, start, end);
    case 'repeat':
      return spliced(bytes, start, start, bytes.subarray(start, end));
    case 'zero':
      return spliced(bytes, start, end, new Uint8Array(end - start));
    case 'inserted':
      return spliced(bytes, start, start, unsigned(pretended[value % pretended.length]!));
    default:
      return withSections(bytes, { kind, at, length, value });
  }
}

function withSections(bytes: Uint8Array, { kind, at, length, value }: Mutation): Uint8Array {
  const parts = partsOf(bytes);
  const one = parts[share(parts.length, at)];
  const other = parts[share(parts.length, length)];
  if (!one || !other) return bytes;
  const number = unsigned(pretended[value % pretended.length]!);
  const text = bytes.subarray(one.start, one.end);
  switch (kind) {
    case 'section size':
      return spliced(bytes, one.start + 1, one.content, number);
    case 'section removed':
      return spliced(bytes, one.start, one.end);
    case 'section twice':
      return spliced(bytes, other.start, other.start, text);
    case 'section id':
      return spliced(bytes, one.start, one.start + 1, [value % 20]);
    case 'count':
      return spliced(bytes, one.content, one.content + 1, number);
    default: {
      const [first, second] = one.start < other.start ? [one, other] : [other, one];
      const between = bytes.subarray(first.end, second.start);
      const [a, b] = [bytes.subarray(first.start, first.end), bytes.subarray(second.start, second.end)];
      return first === second ? bytes : spliced(bytes, first.start, second.end, b, between, a);
    }
  }
}

const thousandth = fc.integer({ min: 0, max: 999 });

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: thousandth,
  length: thousandth,
  value: fc.integer({ min: 0, max: 255 }),
});

/** What is to be loaded, and how it was made. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly how: string;
}

const changed: fc.Arbitrary<Mutant> = fc
  .tuple(fc.nat(originals.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([original, mutations]) => ({
    bytes: mutations.reduce(mutated, originals[original]!),
    how: JSON.stringify({ original, mutations }),
  }));

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const anyBytes: fc.Arbitrary<Mutant> = fc
  .tuple(fc.boolean(), fc.uint8Array({ maxLength: 200 }))
  .map(([headed, bytes]) => {
    const whole = Uint8Array.from(headed ? [...header, ...bytes] : bytes);
    return { bytes: whole, how: Buffer.from(whole).toString('hex') };
  });

export const mutants: fc.Arbitrary<Mutant> = fc.oneof(
  { weight: 9, arbitrary: changed },
  { weight: 1, arbitrary: anyBytes },
);
