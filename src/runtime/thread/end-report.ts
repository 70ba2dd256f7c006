/** What ended a guest, from the value that came out of it. */

import type { EndReport } from '../../kernel/host-link.js';
import { EndKind } from '../../kernel/processes/process-record.js';
import { RELAY_NAME } from '../binary/host-wait.js';
import { printable } from '../import-name.js';

/** Whether a line of the engine's trace lies in the guest. */
function isGuestFrame(line: string): boolean {
  return /wasm:\/\/|wasm-function/.test(line) && !line.includes(`wasm://wasm/${RELAY_NAME}-`);
}

/** Makes a trap, a stack overflow or an uncaught exception of the guest, or a fault of the host, into a report. */
export function reportOf(error: unknown, tid: number, entry: string): EndReport {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Names of functions are the module's to choose.
  const frames = stack.split('\n').filter(isGuestFrame).map(printable);
  const message = printable(error instanceof Error ? error.message : String(error));
  if (error instanceof WebAssembly.Exception) {
    return { kind: EndKind.TRAP, tid, message: `uncaught exception in ${entry}`, stack: frames.join('\n') };
  }
  if (error instanceof WebAssembly.RuntimeError || isStackOverflow(error)) {
    return { kind: EndKind.TRAP, tid, message, stack: frames.join('\n') };
  }
  if (error instanceof WebAssembly.LinkError || isRefusedByEngine(error)) {
    return { kind: EndKind.FAULT, tid, message, stack: '' };
  }
  return { kind: EndKind.FAULT, tid, message: `internal error: ${message}`, stack };
}

/** An instance needs more than the engine gives: a table or a memory of its own that is too large. */
function isRefusedByEngine(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('WebAssembly.');
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
