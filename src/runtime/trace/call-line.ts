/** The trace line of one guest call, driven by the call's description. */
import type { CallDescription } from '../../abi/call.js';
import { Errno, errnoName } from '../../abi/errno.js';
import { paramType } from '../../abi/param-types.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { type Argument, type CallView, formatArgument, isInMemory } from './argument.js';

/**
 * One guest call as strace would show it: `fd_write(fd=1, iovs=["hello\n"], nwritten=6) = SUCCESS`.
 *
 * To be called after the call, since outputs are read back from guest memory. Outputs of a call that failed are left
 * out, except an address that lies out of memory: it is the likely cause.
 *
 * @param args the wasm arguments as JavaScript receives them: i32 as number, i64 as bigint.
 * @param result the wasm result; undefined when the call has none, or did not return (`= ?`).
 * @returns one line of printable ASCII, but for `…`, whatever the guest passes. Strings are cut at 64 bytes, lists at
 * 8 elements.
 */
export function formatCall(
  call: CallDescription,
  args: readonly (number | bigint)[],
  result: number | undefined,
  memory: GuestMemory,
): string {
  const view: CallView = { arguments: argumentsOf(call, args), succeeded: succeeded(call, result), memory };
  const shown = view.arguments
    .filter((argument) => isShown(argument, view))
    .map((argument) => `${argument.name}=${formatArgument(argument, view)}`);
  return `${call.name}(${shown.join(', ')})${formatResult(call, result)}`;
}

/**
 * A line of the trace: `[tid 2] 0.001234 text`, or `[pid 3 tid 5] …` for processes but the first.
 *
 * @param seconds since the program began.
 * @param pid the process; 0 for the first.
 */
export function formatTraceLine(tid: number, seconds: number, text: string, pid = 0): string {
  const who = pid === 0 ? `tid ${tid}` : `pid ${pid} tid ${tid}`;
  return `[${who}] ${seconds.toFixed(6)} ${text}`;
}

function argumentsOf(call: CallDescription, args: readonly (number | bigint)[]): Argument[] {
  let next = 0;
  return call.params.map(([name, typeName]) => {
    const type = paramType(typeName);
    const values = type.wasm.map((_, index) => args[next + index] ?? 0);
    next += values.length;
    return { name, typeName, type, value: values[0]!, length: Number(values[1] ?? 0) >>> 0 };
  });
}

function succeeded(call: CallDescription, result: number | undefined): boolean {
  if (result === undefined) return false;
  return call.result === 'tid' ? result > 0 : result === Errno.SUCCESS;
}

/** `dlopen` and `dlsym` are the other way round: they fill in the text `error` when they fail (ABI §2.12). */
function isShown(argument: Argument, view: CallView): boolean {
  if (argument.type.direction !== 'out') return true;
  const filled = argument.name === 'error' ? !view.succeeded : view.succeeded;
  return filled || !isInMemory(argument, view.memory);
}

function formatResult(call: CallDescription, result: number | undefined): string {
  if (call.result === 'none') return '';
  if (result === undefined || call.result === 'noreturn') return ' = ?';
  if (call.result === 'errno') return ` = ${errnoName(result)}`;
  return result < 0 ? ` = -${errnoName(-result)}` : ` = ${result}`;
}
