/** Waiting for child processes (ABI §2.7, §5.5). */
import { Errno } from '../abi/errno.js';
import { JoinFlags } from '../abi/flags.js';
import { JoinStatusTag } from '../abi/process.js';
import { joinStatus, optionPid } from '../abi/structs.js';
import { ANY_CHILD, type ChildEnd, joinChild } from '../kernel/processes/join.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

function writeStatus({ memory }: GuestThread, pointer: number, end: ChildEnd | undefined): void {
  const at = memory.clear(pointer, joinStatus.size);
  if (end === undefined) return;
  memory.setU8(
    at + joinStatus.at.tag,
    end.signal === 0 ? JoinStatusTag.EXIT_NORMAL : JoinStatusTag.EXIT_SIGNAL,
  );
  memory.setU16(at + joinStatus.at.code, end.code);
  if (end.signal !== 0) memory.setU8(at + joinStatus.at.signal, end.signal);
}

export const procJoinHandlers: Handlers<'proc_join' | 'proc_join_2022'> = {
  /** `waitpid(-1)` arrives as no pid, `waitpid(0)` as pid 0: both mean any child. */
  proc_join(thread, pid, flags, status) {
    const { memory } = thread;
    if ((flags & ~(JoinFlags.NON_BLOCKING | JoinFlags.WAKE_STOPPED)) !== 0) return Errno.INVAL;
    const at = memory.span(pid, optionPid.size);
    memory.span(status, joinStatus.size);
    const named = memory.getU8(at + optionPid.at.tag) === 0 ? 0 : memory.getU32(at + optionPid.at.value);
    const end = joinChild(thread, named === 0 ? ANY_CHILD : named, (flags & JoinFlags.NON_BLOCKING) !== 0);
    memory.setU8(at + optionPid.at.tag, 1);
    memory.setU32(at + optionPid.at.value, end?.pid ?? 0);
    writeStatus(thread, status, end);
    return Errno.SUCCESS;
  },

  /** As binaries of 2022 call it: a pid, 0 or −1 for any, and the exit code alone. */
  proc_join_2022(thread, pid, code) {
    const { memory } = thread;
    memory.span(code, 4);
    const named = memory.getU32(pid) | 0;
    const end = joinChild(thread, named === 0 ? ANY_CHILD : named, false);
    memory.setU32(pid, end?.pid ?? 0);
    memory.setU32(code, end?.code ?? 0);
    return Errno.SUCCESS;
  },
};
