/** Starting child processes (ABI §2.7, §5.4). */
import { Errno } from '../abi/errno.js';
import { fail } from '../kernel/failure.js';
import { abandonChild, closeOnExec, createChild } from '../kernel/processes/child.js';
import type { ProgramArguments } from '../kernel/processes/process-control.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { openProgram, type ProgramName } from '../kernel/processes/program-file.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handler, Handlers } from './handler.js';
import { type ReadGiven, readArrays, readLines, readName } from './program-strings.js';
import { applyDispositions, applyFdOps, enterDirectory } from './spawn-setup.js';
import { checkStdioModes, connectStdio } from './spawn-stdio.js';

/** What to start, with what, and what to do to the child before. */
interface SpawnRequest {
  readonly name: ProgramName;
  readonly given: ProgramArguments;
  prepare(child: number): void;
}

/**
 * Starts a child and answers its pid. The program is found and loaded first: a spawn that fails leaves nothing, and no
 * pid is used up by a typing error.
 */
function spawn(thread: GuestThread, { name, given, prepare }: SpawnRequest): number {
  const { programs } = thread.view;
  if (!programs) return fail(Errno.NOTSUP);
  const program = programs.load(openProgram(thread, name));
  const child = createChild(thread);
  try {
    prepare(child);
    closeOnExec({ kernel: thread.kernel, process: child, owner: thread.owner });
    const pid = thread.kernel.words[child + PROCESS.PID]!;
    programs.start(child, program, given);
    return pid;
  } catch (error) {
    abandonChild(thread, child);
    throw error;
  }
}

/** `proc_spawn2` and `proc_spawn3`, which differ in how arguments and environment are handed over. */
function spawnReading(read: ReadGiven): Handler<'proc_spawn2'> {
  return (...[thread, name, nameLength, args, argCount, envs, envCount, fdOps, fdOpCount, ...rest]) => {
    const [signals, signalCount, search, path, pathLength, result] = rest;
    const program = readName(thread, [name, nameLength], search, [path, pathLength]);
    const given = read(thread, program.name, [args, argCount], [envs, envCount]);
    thread.memory.span(result, 4);
    const pid = spawn(thread, {
      name: program,
      given,
      prepare(child) {
        applyDispositions(thread, child, signals, signalCount);
        applyFdOps(thread, child, fdOps, fdOpCount);
      },
    });
    thread.memory.setU32(result, pid);
    return Errno.SUCCESS;
  };
}

export const procSpawnHandlers: Handlers<'proc_spawn' | 'proc_spawn2' | 'proc_spawn3'> = {
  proc_spawn(...[thread, name, nameLength, chroot, args, argsLength, preopen, preopenLength, ...rest]) {
    const [stdin, stdout, stderr, workdir, workdirLength, handles] = rest;
    const modes = checkStdioModes(stdin, stdout, stderr);
    if ((chroot & 0xff) !== 0 || preopenLength !== 0) return Errno.NOTSUP;
    thread.memory.span(preopen, 0);
    const directory = thread.memory.string(workdir, workdirLength);
    const program = readName(thread, [name, nameLength], 1, [0, 0]);
    const stdio = connectStdio(thread, modes, handles);
    const pid = stdio.guard(() =>
      spawn(thread, {
        name: program,
        given: readLines(thread, program.name, [args, argsLength], [0, 0]),
        prepare(child) {
          if (directory !== '') enterDirectory(thread, child, directory);
          stdio.install(child);
        },
      }),
    );
    stdio.report(pid);
    return Errno.SUCCESS;
  },

  proc_spawn2: spawnReading(readLines),

  proc_spawn3: spawnReading(readArrays),
};
