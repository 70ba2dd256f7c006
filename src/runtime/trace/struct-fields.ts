/** The parts that trace text of structs is made of: one number, a record of fields, an option. */
import type { Layout } from '../../abi/layout.js';
import { OptionTag } from '../../abi/option-tag.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { formatEnum, formatFlags, formatPointer, formatRecord, formatRights, type Names } from './values.js';

/** Text of the value at an address. Fails with FAULT when it lies out of guest memory. */
export type Format = (memory: GuestMemory, at: number) => string;

export const u8: Format = (memory, at) => String(memory.getU8(at));
export const u16: Format = (memory, at) => String(memory.getU16(at));
export const u32: Format = (memory, at) => String(memory.getU32(at));
export const u64: Format = (memory, at) => String(memory.getU64(at));
export const pointer: Format = (memory, at) => formatPointer(memory.getU32(at));
export const rights: Format = (memory, at) => formatRights(memory.getU64(at));
export const enum8 =
  (names: Names): Format =>
  (memory, at) =>
    formatEnum(memory.getU8(at), names);
export const flags16 =
  (names: Names): Format =>
  (memory, at) =>
    formatFlags(memory.getU16(at), names);
export const flags32 =
  (names: Names): Format =>
  (memory, at) =>
    formatFlags(memory.getU32(at), names);

/** Field names as the ABI writes them: `rightsBase` is `rights_base`. */
function abiName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The fields of `layout` that are named, in that order. */
export function record<Name extends string>(
  layout: Layout<Name>,
  fields: { readonly [Field in Name]?: Format },
): Format {
  const entries = Object.entries(fields) as [Name, Format][];
  return (memory, at) =>
    formatRecord(entries.map(([name, format]) => [abiName(name), format(memory, at + layout.at[name])]));
}

/** An `option_*` struct: the value, or NONE. */
export function option<Name extends 'tag' | 'value'>(
  layout: Layout<Name | 'tag' | 'value'>,
  some: Format,
): Format {
  return (memory, at) =>
    memory.getU8(at + layout.at.tag) === OptionTag.NONE ? 'NONE' : some(memory, at + layout.at.value);
}

/** Words of the guest's own, mostly addresses. */
export function hex64(memory: GuestMemory, at: number): string {
  return `0x${memory.getU64(at).toString(16)}`;
}
