import { type WaitSite, wait32, wait64 } from './wait-sites.js';
import { encodedName, signed, unsigned } from './writer.js';

/** Under this name a module with outlined waits exports the table of the host's wait functions. */
export const waitTableExport = '__wasix_run_wait';

/** Where in the table the host puts its functions (see `makeWaitFunctions`). */
export const waitTableSlot = { wait32: 0, wait64: 1 } as const;

/**
 * Under this name such a module exports its start function instead of having it run when it is instantiated: it may
 * wait as well, and the table can be filled only after the instantiation.
 */
export const startExport = '__wasix_run_start';

/** The export of the start function, which has this index. */
export function startExportEntry(startFunction: number): number[] {
  return [...encodedName(startExport), 0, ...unsigned(startFunction)];
}

/** What tells two outlined waits apart. */
export type WaitForm = Pick<WaitSite, 'opcode' | 'offset' | 'memory'>;

/** `(addr: i32, expected: i32, timeout: i64) -> i32` and `(addr: i32, expected: i64, timeout: i64) -> i32`. */
export const waitFunctionTypes: Readonly<Record<number, readonly number[]>> = {
  [wait32]: [0x60, 3, 0x7f, 0x7f, 0x7e, 1, 0x7f],
  [wait64]: [0x60, 3, 0x7f, 0x7e, 0x7e, 1, 0x7f],
};

/** A table of two functions, empty at first. */
export const waitTable: readonly number[] = [0x70, 1, 2, 2];

/** The export of the table with this index. */
export function waitTableExportEntry(table: number): number[] {
  return [...encodedName(waitTableExport), 1, ...unsigned(table)];
}

const op = {
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  localTee: 0x22,
  tableGet: 0x25,
  memorySize: 0x3f,
  i32Const: 0x41,
  i64Const: 0x42,
  i64GreaterSigned: 0x55,
  i32And: 0x71,
  i32Or: 0x72,
  i64Add: 0x7c,
  i64Subtract: 0x7d,
  i64ShiftLeft: 0x86,
  i32Wrap: 0xa7,
  i64ExtendUnsigned: 0xad,
  refIsNull: 0xd1,
  atomic: 0xfe,
} as const;

const i32 = 0x7f;
const i64 = 0x7e;
/** Locals: the three parameters, then the effective address. */
const [addr, expected, timeout, effective] = [0, 1, 2, 3];
/** Puts all parameters on the stack. */
const parameters = [op.localGet, addr!, op.localGet, expected!, op.localGet, timeout!];

/**
 * The body, with its size in front, of a function that waits in place of the instruction, on its parameters.
 *
 * It calls the host's function when one is installed and the wait is on the guest's memory (index 0). Without one,
 * and where the instruction would trap, it executes the instruction itself: the host sees valid addresses only, and
 * the traps stay the engine's own. No local is used after that instruction, hence the miscompilation is harmless.
 */
export function waitFunctionBody(form: WaitForm, type: number, table: number): number[] {
  const code = form.memory === 0 ? hostOrNativeWait(form, type, table) : nativeWait(form);
  const body = [1, 1, i64, ...code, op.end];
  return [...unsigned(body.length), ...body];
}

/** The body, with its size in front, of a function that calls the function `index` with its own three parameters. */
export function callBody(index: number): number[] {
  const body = [0, ...parameters, op.call, ...unsigned(index), op.end];
  return [...unsigned(body.length), ...body];
}

function nativeWait({ opcode, offset, memory }: WaitForm): number[] {
  const align = opcode === wait64 ? 3 : 2;
  const memarg = memory === 0 ? [align] : [align | 0x40, ...unsigned(memory)];
  return [...parameters, op.atomic, opcode & 0xff, ...memarg, ...unsigned(offset)];
}

function hostOrNativeWait(form: WaitForm, type: number, table: number): number[] {
  const size = form.opcode === wait64 ? 8 : 4;
  const slot = form.opcode === wait64 ? waitTableSlot.wait64 : waitTableSlot.wait32;
  const outOfBounds = [
    ...[op.localGet, addr!, op.i64ExtendUnsigned, op.i64Const, ...signed(form.offset), op.i64Add],
    ...[op.localTee, effective!],
    ...[op.memorySize, 0, op.i64ExtendUnsigned, op.i64Const, 16, op.i64ShiftLeft],
    ...[op.i64Const, size, op.i64Subtract, op.i64GreaterSigned],
  ];
  const misaligned = [op.localGet, effective!, op.i32Wrap, op.i32Const, size - 1, op.i32And];
  const noHost = [op.i32Const, slot, op.tableGet, ...unsigned(table), op.refIsNull];
  const host = [
    ...[op.localGet, effective!, op.i32Wrap, op.localGet, expected!, op.localGet, timeout!],
    ...[op.i32Const, slot, op.callIndirect, ...unsigned(type), ...unsigned(table)],
  ];
  return [
    ...[...outOfBounds, ...misaligned, op.i32Or, ...noHost, op.i32Or],
    ...[op.if, i32, ...nativeWait(form), op.else, ...host, op.end],
  ];
}
