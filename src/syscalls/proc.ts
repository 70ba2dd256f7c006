/** The process itself (ABI §2.7). */
import { Errno } from '../abi/errno.js';
import { exitProcess } from '../kernel/processes/end.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import type { Handlers } from './handler.js';

export const procHandlers: Handlers<
  'proc_exit' | 'proc_exit2' | 'proc_id' | 'proc_parent' | 'proc_snapshot'
> = {
  proc_exit: (thread, code) => exitProcess(thread, code),

  proc_exit2: (thread, code) => exitProcess(thread, code),

  /** A hint for hosts that keep a journal of the run (ABI §2.7); this one keeps none. */
  proc_snapshot: () => Errno.SUCCESS,

  proc_id(thread, pid) {
    thread.memory.setU32(pid, thread.kernel.words[thread.process + PROCESS.PID]!);
    return Errno.SUCCESS;
  },

  proc_parent(thread, pid, parent) {
    const { words } = thread.kernel;
    if (pid !== words[thread.process + PROCESS.PID]) return Errno.BADF;
    thread.memory.setU32(parent, words[thread.process + PROCESS.PARENT]!);
    return Errno.SUCCESS;
  },
};
