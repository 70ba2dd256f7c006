import type { CallDescription } from '../call.js';

/** Processes, preview1 (ABI §2.7). */
export const procCalls = {
  proc_exit: { name: 'proc_exit', family: 'proc', params: [['code', 's32']], result: 'noreturn' },
} as const satisfies Record<string, CallDescription>;

/** Processes, WASIX (ABI §2.7). */
export const procWasixCalls = {
  proc_exec: {
    name: 'proc_exec',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['args', 'string'],
    ],
    result: 'noreturn',
  },
  proc_exec2: {
    name: 'proc_exec2',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['args', 'string'],
      ['envs', 'string'],
    ],
    result: 'noreturn',
  },
  proc_exec3: {
    name: 'proc_exec3',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['args', 'string'],
      ['envs', 'string'],
      ['search_path', 'bool'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
  /** Returns in the parent of an environment vfork (ABI §5.2). */
  proc_exit2: { name: 'proc_exit2', family: 'proc', params: [['code', 's32']], result: 'none' },
  proc_fork: {
    name: 'proc_fork',
    family: 'proc',
    params: [
      ['copy_memory', 'bool'],
      ['pid', 'out.pid'],
    ],
    result: 'errno',
  },
  proc_fork_env: { name: 'proc_fork_env', family: 'proc', params: [['pid', 'out.pid']], result: 'errno' },
  proc_id: { name: 'proc_id', family: 'proc', params: [['pid', 'out.pid']], result: 'errno' },
  proc_join: {
    name: 'proc_join',
    family: 'proc',
    params: [
      ['pid', 'inout.option_pid'],
      ['flags', 'joinflags'],
      ['status', 'out.join_status'],
    ],
    result: 'errno',
  },
  proc_parent: {
    name: 'proc_parent',
    family: 'proc',
    params: [
      ['pid', 'pid'],
      ['parent', 'out.pid'],
    ],
    result: 'errno',
  },
  proc_snapshot: { name: 'proc_snapshot', family: 'proc', params: [], result: 'errno' },
  proc_spawn: {
    name: 'proc_spawn',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['chroot', 'bool'],
      ['args', 'string'],
      ['preopen', 'string'],
      ['stdin', 'stdio_mode'],
      ['stdout', 'stdio_mode'],
      ['stderr', 'stdio_mode'],
      ['workdir', 'string'],
      ['handles', 'out.process_handles'],
    ],
    result: 'errno',
  },
  proc_spawn2: {
    name: 'proc_spawn2',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['args', 'string'],
      ['envs', 'string'],
      ['fd_ops', 'spawn_fd_ops'],
      ['signals', 'signal_dispositions'],
      ['search_path', 'bool'],
      ['path', 'string'],
      ['pid', 'out.pid'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Names that newer hosts add; the argument and environment lists are arrays of pointers (ABI §2.7). */
export const procNewerCalls = {
  proc_exec4: {
    name: 'proc_exec4',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['argv', 'strings'],
      ['envp', 'strings'],
      ['search_path', 'bool'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
  proc_spawn3: {
    name: 'proc_spawn3',
    family: 'proc',
    params: [
      ['name', 'string'],
      ['argv', 'strings'],
      ['envp', 'strings'],
      ['fd_ops', 'spawn_fd_ops'],
      ['signals', 'signal_dispositions'],
      ['search_path', 'bool'],
      ['path', 'string'],
      ['pid', 'out.pid'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** What binaries of 2022 import under a name that has changed its type since. */
export const procOlderCalls = {
  /** Imported as `proc_join`, told apart by its two parameters. */
  proc_join_2022: {
    name: 'proc_join_2022',
    family: 'proc',
    params: [
      ['pid', 'inout.pid'],
      ['code', 'out.u32'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
