/** setjmp and longjmp of programs built with asyncify (ABI §5.7). */
import { Errno } from '../abi/errno.js';
import { exitProcess } from '../kernel/processes/end.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { StackSwitch } from '../kernel/threads/stack-switch.js';
import type { Handlers } from './handler.js';

/** The caller's stack switching. A program that was not built for it ends here, with 45 (ABI §2.7). */
export function requireStack(thread: GuestThread, call: string): StackSwitch {
  if (thread.stack) return thread.stack;
  thread.view.link.post({
    type: 'notice',
    text: `the program called ${call}, which needs a module built with asyncify (wasm-opt --asyncify) that exports __stack_pointer`,
  });
  return exitProcess(thread, Errno.NOEXEC);
}

export const stackHandlers: Handlers<'stack_checkpoint' | 'stack_restore'> = {
  stack_checkpoint: (thread, snapshot, value) =>
    requireStack(thread, 'stack_checkpoint').checkpoint(snapshot, value),

  stack_restore: (thread, snapshot, value) => requireStack(thread, 'stack_restore').restore(snapshot, value),
};
