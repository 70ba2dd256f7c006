/** All guest calls there are, and which of them this host implements. */
import type { CallName } from '../abi/namespaces.js';
import { argsHandlers } from './args.js';
import { clockHandlers, randomHandlers } from './clock.js';
import { cwdHandlers } from './cwd.js';
import { epollHandlers } from './epoll.js';
import { fdIoHandlers } from './fd-io.js';
import { fdPipeHandlers } from './fd-pipe.js';
import { fdReaddirHandlers } from './fd-readdir.js';
import { fdStatusHandlers } from './fd-status.js';
import { fdTableHandlers } from './fd-table.js';
import { futexHandlers } from './futex.js';
import type { Handlers } from './handler.js';
import { intervalHandlers } from './interval.js';
import { pathHandlers } from './path.js';
import { pathOpenHandlers } from './path-open.js';
import { pollHandlers } from './poll.js';
import { portHandlers } from './port.js';
import { procHandlers } from './proc.js';
import { procExecHandlers } from './proc-exec.js';
import { procForkHandlers } from './proc-fork.js';
import { procJoinHandlers } from './proc-join.js';
import { procSpawnHandlers } from './proc-spawn.js';
import { resolveHandlers } from './resolve.js';
import { signalHandlers } from './signal.js';
import { sockHandlers } from './sock.js';
import { sockConnectHandlers } from './sock-connect.js';
import { sockMulticastHandlers } from './sock-multicast.js';
import { sockOptionHandlers } from './sock-option.js';
import { sockSendFileHandlers } from './sock-send-file.js';
import { stackHandlers } from './stack.js';
import { threadHandlers } from './thread.js';
import { ttyHandlers } from './tty.js';

/** The implemented calls. All others answer NOSYS (or trap, where they have no result) and are listed by `inspect`. */
export const handlers = {
  ...argsHandlers,
  ...clockHandlers,
  ...cwdHandlers,
  ...epollHandlers,
  ...fdIoHandlers,
  ...fdPipeHandlers,
  ...fdReaddirHandlers,
  ...fdStatusHandlers,
  ...fdTableHandlers,
  ...futexHandlers,
  ...intervalHandlers,
  ...pathHandlers,
  ...pathOpenHandlers,
  ...pollHandlers,
  ...portHandlers,
  ...procHandlers,
  ...procExecHandlers,
  ...procForkHandlers,
  ...procJoinHandlers,
  ...procSpawnHandlers,
  ...randomHandlers,
  ...resolveHandlers,
  ...signalHandlers,
  ...sockHandlers,
  ...sockConnectHandlers,
  ...sockMulticastHandlers,
  ...sockOptionHandlers,
  ...sockSendFileHandlers,
  ...stackHandlers,
  ...threadHandlers,
  ...ttyHandlers,
} as const satisfies Partial<Handlers<CallName>>;

export type SupportedCall = keyof typeof handlers;

export function isSupported(name: CallName): name is SupportedCall {
  return Object.hasOwn(handlers, name);
}

/**
 * Calls that take no lock and keep nothing open, so that a thread may be ended in the midst of them: they are not
 * marked as host calls, which saves half their cost.
 */
export const quickCalls: ReadonlySet<CallName> = new Set<CallName>([
  'args_get',
  'args_sizes_get',
  'clock_res_get',
  'clock_time_get',
  'environ_get',
  'environ_sizes_get',
  'proc_id',
  'proc_parent',
  'random_get',
  'sched_yield',
  'thread_id',
  'thread_parallelism',
]);
