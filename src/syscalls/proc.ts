/** The process itself (ABI §2.7). */
import { Errno } from '../abi/errno.js';
import { endProcess, exitProcess } from '../kernel/processes/end.js';
import { EndKind, PROCESS } from '../kernel/processes/process-record.js';
import { findProcess } from '../kernel/processes/process-table.js';
import { endChild, returnsToParent } from '../kernel/processes/vfork.js';
import type { Handlers } from './handler.js';

export const procHandlers: Handlers<
  'proc_exit' | 'proc_exit2' | 'proc_id' | 'proc_parent' | 'proc_snapshot'
> = {
  proc_exit: (thread, code) => exitProcess(thread, code),

  /** Returns in the parent of a vfork child that comes back by returning (ABI §5.2). */
  proc_exit2(thread, code) {
    if (!returnsToParent(thread)) return exitProcess(thread, code);
    endProcess(thread, EndKind.EXIT, code);
    endChild(thread);
  },

  /** A hint for hosts that keep a journal of the run (ABI §2.7); this one keeps none. */
  proc_snapshot: () => Errno.SUCCESS,

  proc_id(thread, pid) {
    thread.memory.setU32(pid, thread.kernel.words[thread.process + PROCESS.PID]!);
    return Errno.SUCCESS;
  },

  proc_parent(thread, pid, parent) {
    const { words } = thread.kernel;
    const own = pid === words[thread.process + PROCESS.PID];
    const process = own ? thread.process : findProcess(thread.kernel, pid);
    if (process === 0) return Errno.BADF;
    thread.memory.setU32(parent, words[process + PROCESS.PARENT]!);
    return Errno.SUCCESS;
  },
};
