/** One argument of a traced call as text, by the form of its parameter type. */
import type { ParamType, ParamTypeDescription } from '../../abi/param-types.js';
import { Rights } from '../../abi/rights.js';
import { signalName } from '../../abi/signal.js';
import { iovec } from '../../abi/structs.js';
import { Failure } from '../../kernel/failure.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { formatArray, formatBytes, formatIovecs, formatStrings, formatTerminated } from './buffers.js';
import { formatStruct } from './structs.js';
import { formatBadPointer, formatEnum, formatFlags, formatPointer, formatRights, integer } from './values.js';

/** One argument: its first wasm value, and for address-and-count types the second, unsigned. */
export interface Argument {
  readonly name: string;
  readonly typeName: ParamType;
  readonly type: ParamTypeDescription;
  readonly value: number | bigint;
  readonly length: number;
}

/** A call that is over. Arguments are looked at together because some count others. */
export interface CallView {
  readonly arguments: readonly Argument[];
  readonly succeeded: boolean;
  readonly memory: GuestMemory;
}

/** The text of an argument; an address whose content cannot be read is shown as such. Never throws for guest data. */
export function formatArgument(argument: Argument, view: CallView): string {
  const { type, value } = argument;
  if (!isAddress(type)) return formatNumber(argument);
  try {
    return formatPointee(argument, view);
  } catch (error) {
    if (error instanceof Failure) return formatBadPointer(Number(value));
    throw error;
  }
}

/** Whether an argument's address, with the extent that is known from the argument alone, lies in guest memory. */
export function isInMemory({ type, value, length }: Argument, memory: GuestMemory): boolean {
  const element = type.form === 'iovecs' ? iovec.size : (type.struct?.size ?? (type.bits ?? 8) / 8);
  try {
    memory.span(Number(value), type.wasm.length === 2 ? length * element : element);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

function isAddress({ form }: ParamTypeDescription): boolean {
  return form !== 'unsigned' && form !== 'signed' && form !== 'enum' && form !== 'flags';
}

function formatNumber({ type, typeName, value }: Argument): string {
  const number = integer(value, type.bits ?? 32, type.form === 'signed' || typeName === 'fd');
  if (typeName === 'signal' && number !== 0n) return signalName(Number(number));
  return type.values ? formatNamed(number, type) : String(number);
}

function formatNamed(number: bigint, { form, values }: ParamTypeDescription): string {
  if (values === undefined) return String(number);
  if (values === Rights) return formatRights(number);
  return form === 'flags' ? formatFlags(number, values) : formatEnum(number, values);
}

function formatPointee(argument: Argument, view: CallView): string {
  const { memory } = view;
  const { type, length } = argument;
  const at = Number(argument.value) >>> 0;
  switch (type.form) {
    case 'scalar':
      return formatNamed(readScalar(memory, at, type.bits ?? 32), type);
    case 'struct':
      return formatStructAt(type, memory, at);
    case 'array':
      return formatArrayAt(argument, at, view);
    case 'string':
      return formatBytes(memory, at, length);
    case 'bytes':
      if (argument.name === 'error') return formatTerminated(memory, at, length);
      return formatBytes(memory, at, Math.min(length, filled(argument, view) ?? length));
    case 'iovecs':
      return formatIovecs(memory, at, length, filled(argument, view) ?? Number.POSITIVE_INFINITY);
    case 'strings':
      return formatStrings(memory, at, length);
    default:
      return formatPlainPointer(argument, at, view);
  }
}

function readScalar(memory: GuestMemory, at: number, bits: number): bigint {
  if (bits === 8) return BigInt(memory.getU8(at));
  if (bits === 16) return BigInt(memory.getU16(at));
  return bits === 64 ? memory.getU64(at) : BigInt(memory.getU32(at));
}

/** Inputs at address 0 are absent: `epoll_ctl` takes no event to delete one (ABI §2.4). */
function formatStructAt(
  { struct, direction }: ParamTypeDescription,
  memory: GuestMemory,
  at: number,
): string {
  if (struct === undefined || (at === 0 && direction === 'in')) return formatPointer(at);
  return formatStruct(struct, memory, at) ?? formatPointer(at);
}

function formatArrayAt(argument: Argument, at: number, view: CallView): string {
  const { struct, wasm, direction } = argument.type;
  const own = wasm.length === 2 ? argument.length : undefined;
  const count = direction === 'in' ? (own ?? countAfter(argument, view)) : filled(argument, view);
  if (struct === undefined || count === undefined) return formatPointer(at);
  return formatArray(view.memory, struct, at, Math.min(count, own ?? count));
}

/** Of `getcwd`, the text up to the length it reports; else only the address: how much was written is not known. */
function formatPlainPointer(argument: Argument, at: number, view: CallView): string {
  const length = argument.type.direction === 'out' ? filled(argument, view) : undefined;
  return length === undefined || !view.succeeded ? formatPointer(at) : formatBytes(view.memory, at, length);
}

/** The count of an array whose description says that a later parameter holds it. */
function countAfter(argument: Argument, view: CallView): number | undefined {
  const later = view.arguments.slice(view.arguments.indexOf(argument) + 1);
  const size = later.find(({ typeName }) => typeName === 'size');
  return size && Number(size.value) >>> 0;
}

/**
 * How much the call reports to have put into an output: a call's n-th buffer is counted by the n-th size it writes.
 * Undefined for inputs, and when it writes none.
 */
function filled(argument: Argument, view: CallView): number | undefined {
  if (argument.type.direction !== 'out') return undefined;
  const buffers = view.arguments.filter(({ type }) => type.direction === 'out' && isBuffer(type));
  const sizes = view.arguments.filter(({ typeName }) => typeName === 'out.size' || typeName === 'inout.size');
  const size = sizes[buffers.indexOf(argument)];
  return size && view.memory.getU32(Number(size.value));
}

function isBuffer({ form }: ParamTypeDescription): boolean {
  return form === 'iovecs' || form === 'bytes' || form === 'array' || form === 'pointer';
}
