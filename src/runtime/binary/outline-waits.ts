import { type Addition, appendEntries } from './append-entries.js';
import { ModuleError } from './module-error.js';
import type { ModuleShape } from './module-shape.js';
import { openSection, readSections, type Section, sectionId } from './reader.js';
import type { MemoryType } from './types.js';
import {
  startExport,
  startExportEntry,
  type WaitForm,
  waitFunctionBody,
  waitFunctionTypes,
  waitTable,
  waitTableExport,
  waitTableExportEntry,
} from './wait-function.js';
import { findWaitSites, type WaitSite, wait32, wait64 } from './wait-sites.js';
import { unsigned } from './writer.js';

export interface OutlinedWaits {
  /** The module to compile: the very bytes given when nothing was replaced. */
  readonly bytes: Uint8Array;
  /** Atomic waits that are calls now. */
  readonly replaced: number;
  /** Atomic waits on 64-bit memories, left as they were. */
  readonly left: number;
}

/**
 * Replaces each `memory.atomic.wait32` and `wait64` of a module by a call to a function appended to it, one for
 * each form of the instruction. Two gains:
 *
 * - V8 11.3 (Node 20) miscompiles the instruction in its baseline compiler: afterwards locals of the function read
 *   0, be they operands or not, so that `while (load(a) == v) wait(a, v)` never ends. The function with the
 *   instruction alone is hurt, and the appended ones use no local again.
 * - The host can do the wait: it puts functions into the table exported as `waitTableExport`, and so knows
 *   where a thread is parked and can wake it. With an empty table the instruction itself is executed.
 *
 * The start function becomes an export (`startExport`) that the host calls when it has filled the table.
 *
 * No index of the module shifts, and a call takes the same bytes as the instruction it replaces, so that names,
 * debug information and branch hints stay valid. The module given is not changed.
 *
 * @param shape What `readModuleShape` says of the same bytes.
 * @returns undefined when code that may hold a wait cannot be decoded, or the module exports something under the
 * name of the table or the start function already. Then, as with waits that are `left`, only `--no-liftoff` helps a V8 that miscompiles.
 */
export function outlineAtomicWaits(bytes: Uint8Array, shape: ModuleShape): OutlinedWaits | undefined {
  try {
    return outline(bytes, shape);
  } catch (error) {
    if (error instanceof ModuleError) return undefined;
    throw error;
  }
}

function outline(bytes: Uint8Array, shape: ModuleShape): OutlinedWaits | undefined {
  const memories = memoryIndexSpace(shape);
  const sections = readSections(bytes);
  const code = sections.find(({ id }) => id === sectionId.code);
  if (!code || !memories.some(({ shared }) => shared)) return { bytes, replaced: 0, left: 0 };
  const found = findWaitSites(openSection(bytes, code));
  if (found === undefined) return undefined;
  // On a memory that is not shared the instruction traps, whatever its operands.
  const shared = found.filter(({ memory }) => memories[memory]?.shared);
  const sites = shared.filter(({ memory }) => !memories[memory]!.memory64);
  const left = shared.length - sites.length;
  if (sites.length === 0) return { bytes, replaced: 0, left };
  if (shape.exports.some(({ name }) => name === waitTableExport || name === startExport)) return undefined;
  const rewritten = replaceSites(bytes, sections, shape, sites);
  return rewritten && { bytes: rewritten, replaced: sites.length, left };
}

function memoryIndexSpace(shape: ModuleShape): readonly MemoryType[] {
  const imported = shape.imports.flatMap((entry) => (entry.kind === 'memory' ? [entry.limits] : []));
  return [...imported, ...shape.definedMemories];
}

function replaceSites(
  bytes: Uint8Array,
  sections: readonly Section[],
  shape: ModuleShape,
  sites: readonly WaitSite[],
): Uint8Array | undefined {
  const firstFunction = shape.importedFunctions + shape.definedFunctions;
  const forms = new Map<string, WaitForm & { readonly index: number }>();
  const calls: { readonly start: number; readonly bytes: readonly number[] }[] = [];
  for (const site of sites) {
    const key = `${site.opcode} ${site.offset} ${site.memory}`;
    const form = forms.get(key) ?? { ...site, index: firstFunction + forms.size };
    forms.set(key, form);
    const call = callOfLength(form.index, site.end - site.start);
    if (call === undefined) return undefined;
    calls.push({ start: site.start, bytes: call });
  }
  const kept = sections.filter(({ id }) => id !== sectionId.start);
  const extended = appendEntries(bytes, kept, additionsFor([...forms.values()], shape));
  for (const call of calls) extended.bytes.set(call.bytes, call.start + extended.codeShift);
  return extended.bytes;
}

function additionsFor(forms: readonly WaitForm[], shape: ModuleShape): Addition[] {
  const typeIndex = (opcode: number) => shape.types.length + (opcode === wait64 ? 1 : 0);
  const table = shape.tables;
  const { startFunction } = shape;
  const start = startFunction === undefined ? [] : [startExportEntry(startFunction)];
  return [
    { id: sectionId.type, entries: [waitFunctionTypes[wait32]!, waitFunctionTypes[wait64]!] },
    { id: sectionId.function, entries: forms.map(({ opcode }) => unsigned(typeIndex(opcode))) },
    { id: sectionId.table, entries: [waitTable] },
    { id: sectionId.export, entries: [waitTableExportEntry(table), ...start] },
    {
      id: sectionId.code,
      entries: forms.map((form) => waitFunctionBody(form, typeIndex(form.opcode), table)),
    },
  ];
}

const call = 0x10;
const nop = 0x01;

/** A call of exactly `length` bytes; undefined when the index needs more, beyond 2,097,152 functions. */
function callOfLength(functionIndex: number, length: number): number[] | undefined {
  const bytes = [call, ...unsigned(functionIndex, Math.min(length - 1, 5))];
  if (bytes.length > length) return undefined;
  while (bytes.length < length) bytes.push(nop);
  return bytes;
}
