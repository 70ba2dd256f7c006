/** Which calls there are, and how often each is chosen. */
import type { CallDescription } from '../../src/abi/call.js';
import { allCalls, type CallName } from '../../src/abi/namespaces.js';
import { isSupported } from '../../src/syscalls/registry.js';
import type { Random } from './random.js';

const calls = allCalls();

/** How often calls are chosen, of which most are at 100: those that end something, start something or wait, seldom. */
const weights: Readonly<Partial<Record<CallName, number>>> = {
  path_open: 500,
  path_open2: 500,
  fd_read: 250,
  fd_write: 250,
  fd_pipe: 60,
  sock_open: 200,
  sock_bind: 200,
  sock_listen: 200,
  sock_connect: 150,
  sock_pair: 60,
  fd_close: 200,
  fd_fdstat_set_rights: 3,
  chdir: 20,
  futex_wait: 40,
  'thread-spawn': 20,
  thread_spawn_v2: 20,
  thread_join: 1,
  thread_sleep: 40,
  proc_spawn: 1,
  proc_spawn2: 1,
  proc_spawn3: 1,
  proc_join: 8,
  proc_join_2022: 2,
  resolve: 20,
  callback_signal: 20,
  proc_raise_interval: 20,
  proc_raise_interval2: 20,
  proc_exit: 0.01,
  proc_exit2: 0.01,
  thread_exit: 0.2,
  proc_exec: 0.01,
  proc_exec2: 0.01,
  proc_exec3: 0.2,
  proc_exec4: 0.2,
  proc_fork: 0.01,
  proc_fork_env: 0.01,
  stack_checkpoint: 0.01,
  stack_restore: 0.01,
};

/** Calls that may wait for long. */
export const waits: ReadonlySet<CallName> = new Set<CallName>([
  ...(['fd_read', 'sock_recv', 'sock_recv_from', 'sock_accept', 'sock_accept_v2', 'sock_connect'] as const),
  ...(['poll_oneoff', 'poll_oneoff_snapshot0', 'epoll_wait', 'futex_wait', 'thread_sleep'] as const),
  ...(['thread_join', 'proc_join', 'proc_join_2022'] as const),
]);

/** What answers NOSYS is soon tried enough; what cannot even answer ends the program. */
function weightOf(call: CallDescription & { readonly name: CallName }): number {
  if (isSupported(call.name)) return weights[call.name] ?? 100;
  return call.result === 'errno' || call.result === 'tid' ? 10 : 0.01;
}

const all = Object.values(calls).map((call) => ({ call, weight: weightOf(call) }));

/** Every call there is, in the order of its statistics. */
export const everyCall: readonly (CallDescription & { readonly name: CallName })[] = all.map(
  ({ call }) => call,
);

const indexes = new Map(everyCall.map(({ name }, index) => [name, index]));

/** The index of a call in `everyCall`. */
export function indexOf(name: CallName): number {
  return indexes.get(name)!;
}

const total = all.reduce((sum, { weight }) => sum + weight, 0);

/** Chooses a call by its weight. */
export function chooseCall(random: Random): CallDescription & { readonly name: CallName } {
  let left = (random.next() / 0x1_0000_0000) * total;
  for (const { call, weight } of all) {
    left -= weight;
    if (left < 0) return call;
  }
  return everyCall[0]!;
}
