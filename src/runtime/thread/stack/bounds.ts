/** Where a thread's stack lies in guest memory (ABI §1.3, §5.1). */
import { threadStart } from '../../../abi/structs.js';
import type { GuestMemory } from '../../../kernel/memory/guest-memory.js';
import type { StackBounds } from '../../../kernel/threads/stack-switch.js';

/** Upper end of the main stack for programs that export nothing about it. */
const DEFAULT_UPPER = 1 << 20;

function address(exports: WebAssembly.Exports, name: string): number | undefined {
  const value = exports[name];
  return value instanceof WebAssembly.Global && typeof value.value === 'number'
    ? value.value >>> 0
    : undefined;
}

/** The main thread's stack; to be asked before the instance has run. */
export function mainStack(exports: WebAssembly.Exports): StackBounds {
  const upper = address(exports, '__stack_high') ?? address(exports, '__stack_pointer') ?? DEFAULT_UPPER;
  const lower = address(exports, '__stack_low') ?? address(exports, '__data_end') ?? 0;
  return { lower: lower < upper ? lower : 0, upper };
}

/** The stack in the start struct at `start`. Empty when that cannot be one: then nothing fits into it. */
export function threadStack(memory: GuestMemory, start: number): StackBounds {
  if (!memory.holds(start, threadStart.size)) return { lower: 0, upper: 0 };
  const upper = memory.getU32(start + threadStart.at.stack);
  const size = memory.getU32(start + threadStart.at.stackSize);
  return { lower: Math.max(upper - size, 0), upper };
}
