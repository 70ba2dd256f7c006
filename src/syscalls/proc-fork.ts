/** Forking a process (ABI §2.7, §5.1, §5.2). */
import { Errno } from '../abi/errno.js';
import { fail } from '../kernel/failure.js';
import { abandonChild, createChild } from '../kernel/processes/child.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { becomeChild } from '../kernel/processes/vfork.js';
import { inheritHandler } from '../kernel/signals/post.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { StackImage } from '../kernel/threads/stack-switch.js';
import type { Handlers } from './handler.js';
import { requireStack } from './stack.js';

/** Makes the child that goes on from `stack`; answers its pid. A vfork child has no memory of its own that could be copied. */
function makeChild(thread: GuestThread, stack: StackImage): number {
  const { programs } = thread.view;
  if (!programs || thread.suspended) return fail(Errno.NOTSUP);
  const { kernel, process, owner } = thread;
  const child = createChild(thread);
  try {
    inheritHandler(kernel, process, child, owner);
    const pid = kernel.words[child + PROCESS.PID]!;
    programs.fork(child, stack);
    return pid;
  } catch (error) {
    abandonChild(thread, child);
    throw error;
  }
}

export const procForkHandlers: Handlers<'proc_fork' | 'proc_fork_env'> = {
  /**
   * The call is entered again in both processes, and then answers (kernel/threads/stack-switch.ts). Without a copy of
   * the memory that is one after the other, on this thread, which answers as the child first.
   */
  proc_fork: (thread, copyMemory, pid) =>
    requireStack(thread, 'proc_fork').fork(pid, (stack) => {
      if (copyMemory !== 0) return makeChild(thread, stack);
      becomeChild(thread, stack);
      return 0;
    }),

  /** Answers in the child alone; the guest has noted by itself where the parent goes on. */
  proc_fork_env(thread, pid) {
    const { memory } = thread;
    memory.span(pid, 4);
    memory.setU32(pid, becomeChild(thread, undefined));
    return Errno.SUCCESS;
  },
};
