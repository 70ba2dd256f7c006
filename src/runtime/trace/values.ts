/** Numbers, names, addresses and bytes as trace text. All pure; structs and whole parameters are built from these. */
import { RIGHTS_ALL, Rights } from '../../abi/rights.js';

/** Names of an enum's values or of the bits of flags, as `src/abi` has them. */
export type Names = Readonly<Record<string, number | bigint>>;

/** The most bytes of a string or buffer that are shown. */
export const MAX_BYTES = 64;

/** The most elements of an array that are shown. */
export const MAX_ELEMENTS = 8;

/** Stands for what is left out. */
export const ELLIPSIS = '…';

/** A guest address: `0x10a0`. */
export function formatPointer(pointer: number): string {
  return `0x${(pointer >>> 0).toString(16)}`;
}

/** An address that lies, or leads, out of guest memory. */
export function formatBadPointer(pointer: number): string {
  return `${formatPointer(pointer)} (out of memory)`;
}

/** The low `bits` of a wasm value, read as signed or unsigned. i32 arrives signed, i64 as a signed bigint. */
export function integer(value: number | bigint, bits: number, signed: boolean): bigint {
  return signed ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value));
}

/** The name of an enum's value, or the number when it has none. */
export function formatEnum(value: number | bigint, names: Names): string {
  const wanted = BigInt(value);
  return Object.keys(names).find((name) => BigInt(names[name]!) === wanted) ?? String(value);
}

/** `CREAT|TRUNC`, bits without a name as one hexadecimal number at the end, `0` for none. */
export function formatFlags(value: number | bigint, names: Names): string {
  let rest = BigInt(value);
  const shown: string[] = [];
  for (const [name, bit] of Object.entries(names)) {
    if ((rest & BigInt(bit)) === 0n) continue;
    shown.push(name);
    rest &= ~BigInt(bit);
  }
  if (rest !== 0n) shown.push(`0x${rest.toString(16)}`);
  return shown.join('|') || '0';
}

/**
 * Rights: `ALL` when every one is there, and `ALL&~(FD_WRITE|FD_ALLOCATE)` when fewer are missing than there are,
 * since libc takes a few away from a directory's full set. Bits that are no right are not shown: C guests send garbage
 * in them (ABI §3.2).
 */
export function formatRights(value: bigint): string {
  const rights = value & RIGHTS_ALL;
  const missing = ~rights & RIGHTS_ALL;
  if (missing === 0n) return 'ALL';
  const [set, unset] = [formatFlags(rights, Rights), formatFlags(missing, Rights)];
  return unset.split('|').length < set.split('|').length ? `ALL&~(${unset})` : set;
}

const escapes = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function escapeByte(byte: number, next: number | undefined): string {
  const known = escapes.get(byte);
  if (known !== undefined) return known;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  // As short as it can be, unless the next character would be read as part of it.
  return `\\${byte.toString(8).padStart(isDigit(next) ? 3 : 1, '0')}`;
}

/**
 * Bytes as a C string in ASCII, as strace shows them: whatever the guest has in there, the line stays one line and
 * does nothing to a terminal. `length` is that of the whole string: when `bytes` is only its beginning, `…` follows.
 */
export function quoteBytes(bytes: Uint8Array, length = bytes.length): string {
  const shown = bytes.subarray(0, MAX_BYTES);
  let text = '';
  shown.forEach((byte, index) => {
    text += escapeByte(byte, shown[index + 1]);
  });
  return `"${text}"${length > shown.length ? ELLIPSIS : ''}`;
}

/** `[a, b, c]`; `…` in place of what `count` says there is more. */
export function formatList(elements: readonly string[], count = elements.length): string {
  const more = count > elements.length ? [ELLIPSIS] : [];
  return `[${[...elements, ...more].join(', ')}]`;
}

/** `{name=value, …}` of a struct. */
export function formatRecord(fields: readonly (readonly [name: string, value: string])[]): string {
  return `{${fields.map(([name, value]) => `${name}=${value}`).join(', ')}}`;
}
