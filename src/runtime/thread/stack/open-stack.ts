import type { GuestThread } from '../../../kernel/threads/guest-thread.js';
import type { Resumption, StackImage, StackSwitch } from '../../../kernel/threads/stack-switch.js';
import { Asyncify } from './asyncify.js';
import { mainStack, threadStack } from './bounds.js';
import { GuestStack } from './guest-stack.js';

/** Where a thread begins that goes on from another's stack, and what the call it was left by answers. */
export interface StackStart {
  readonly image: StackImage;
  readonly result: Resumption;
}

/** What of a thread's start tells where its stack is. */
interface Start {
  readonly main: boolean;
  readonly argument: number;
  readonly resume?: StackStart;
}

/** Stack switching for a thread whose instance has been made and has not run; undefined without asyncify. */
export function openStack(thread: GuestThread, start: Start): StackSwitch | undefined {
  const { exports, memory } = thread;
  if (typeof exports.asyncify_start_unwind !== 'function') return undefined;
  const image = start.resume?.image;
  const bounds = image?.bounds ?? (start.main ? mainStack(exports) : threadStack(memory, start.argument));
  const asyncify = Asyncify.over(exports, memory, bounds);
  return asyncify && new GuestStack(thread, asyncify, image?.checkpoints);
}
