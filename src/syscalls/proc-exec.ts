/** Replacing a process's program (ABI §2.7, §5.3). */
import { Errno } from '../abi/errno.js';
import { Failure, fail } from '../kernel/failure.js';
import { errnoOfHostError } from '../kernel/files/host-error.js';
import { exitProcess } from '../kernel/processes/end.js';
import type { ProgramArguments } from '../kernel/processes/process-control.js';
import { openProgram, type ProgramName } from '../kernel/processes/program-file.js';
import { endStranded } from '../kernel/processes/vfork.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handler, Handlers } from './handler.js';
import { type ReadGiven, readArrays, readLines, readName } from './program-strings.js';

/** Answers in the parent alone whose vfork child has been given the program, if that comes back by returning. */
function exec(thread: GuestThread, name: ProgramName, given: ProgramArguments): Errno {
  const { programs } = thread.view;
  if (!programs) return fail(Errno.NOTSUP);
  programs.replace(programs.load(openProgram(thread, name)), given);
  return Errno.SUCCESS;
}

/** The older calls have no result: when they fail the process ends with the errno as its code. */
function execOrExit(
  thread: GuestThread,
  name: readonly [number, number],
  args: readonly [number, number],
  env: readonly [number, number],
): never {
  try {
    const program = readName(thread, name, 0, [0, 0]);
    exec(thread, program, readLines(thread, program.name, args, env));
  } catch (error) {
    const errno = error instanceof Failure ? error.errno : errnoOfHostError(error);
    if (thread.leaving || errno === undefined) throw error;
    return exitProcess(thread, errno);
  }
  endStranded(thread);
  return thread.leave();
}

/** `proc_exec3` and `proc_exec4`, which differ in how arguments and environment are handed over. */
function execReading(read: ReadGiven): Handler<'proc_exec3'> {
  return (...[thread, name, nameLength, args, argCount, envs, envCount, search, path, pathLength]) => {
    const program = readName(thread, [name, nameLength], search, [path, pathLength]);
    return exec(thread, program, read(thread, program.name, [args, argCount], [envs, envCount]));
  };
}

export const procExecHandlers: Handlers<'proc_exec' | 'proc_exec2' | 'proc_exec3' | 'proc_exec4'> = {
  proc_exec: (thread, name, nameLength, args, argsLength) =>
    execOrExit(thread, [name, nameLength], [args, argsLength], [0, 0]),

  proc_exec2: (thread, name, nameLength, args, argsLength, envs, envsLength) =>
    execOrExit(thread, [name, nameLength], [args, argsLength], [envs, envsLength]),

  proc_exec3: execReading(readLines),

  proc_exec4: execReading(readArrays),
};
