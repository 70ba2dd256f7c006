import type { EndReport } from '../../kernel/host-link.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { EndKind } from '../../kernel/processes/process-record.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import {
  HOST_CALL,
  HostCallKind,
  HostCallState,
  type HostImports,
  type ImportValue,
} from '../host-imports.js';

/** A guest's call of a function of the API's caller. */
export interface ImportCall {
  readonly module: string;
  readonly name: string;
  readonly args: readonly ImportValue[];
  /** Block in kernel memory for the answer. */
  readonly call: number;
}

/**
 * Runs the function and answers the waiting guest thread. If the function throws there is no answer but a report: the
 * caller ends the process, which wakes the thread.
 */
export function serveImport(
  kernel: KernelMemory,
  imports: HostImports,
  { module, name, args, call }: ImportCall,
): EndReport | undefined {
  kernel.reach(call, HOST_CALL.WORDS);
  try {
    storeResult(kernel, call, resultOf(imports[module]?.[name]?.(...(args as never[]))));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    return { kind: EndKind.FAULT, tid: 1, message: `the import ${module}.${name} threw: ${reason}`, stack };
  }
  Atomics.store(kernel.words, call + HOST_CALL.STATE, HostCallState.DONE);
  wakeAll(kernel, call + HOST_CALL.QUEUE, HOST_OWNER);
  return undefined;
}

function resultOf(result: unknown): ImportValue | undefined {
  return typeof result === 'number' || typeof result === 'bigint' ? result : undefined;
}

function storeResult(kernel: KernelMemory, call: number, value: ImportValue | undefined): void {
  const view = new DataView(kernel.bytes.buffer, (call + HOST_CALL.BITS) * 4, 8);
  if (typeof value === 'bigint') view.setBigInt64(0, BigInt.asIntN(64, value), true);
  else if (typeof value === 'number') view.setFloat64(0, value, true);
  const kind = { bigint: HostCallKind.BIGINT, number: HostCallKind.NUMBER }[
    typeof value as 'bigint' | 'number'
  ];
  kernel.words[call + HOST_CALL.KIND] = kind ?? HostCallKind.NONE;
}
