/**
 * Which calls each import namespace holds, under which names (ABI §1.1). A module may import from several at once.
 */
import type { CallDescription, CallFunction } from './call.js';
import { argsCalls, environCalls } from './calls/args.js';
import { clockCalls, clockWasixCalls } from './calls/clock.js';
import { contextCalls } from './calls/context.js';
import { dlCalls } from './calls/dl.js';
import { dynamicCallCalls } from './calls/dynamic-call.js';
import { epollCalls } from './calls/epoll.js';
import { fdCalls, fdWasixCalls } from './calls/fd.js';
import { futexCalls } from './calls/futex.js';
import { pathCalls, pathWasixCalls } from './calls/path.js';
import { pollCalls } from './calls/poll.js';
import { portCalls } from './calls/port.js';
import { procCalls, procNewerCalls, procOlderCalls, procWasixCalls } from './calls/proc.js';
import { randomCalls } from './calls/random.js';
import { schedCalls } from './calls/sched.js';
import { signalCalls, signalNewerCalls, signalWasixCalls } from './calls/signal.js';
import { snapshot0Calls } from './calls/snapshot0.js';
import { sockCalls, sockNewerCalls, sockWasixCalls } from './calls/sock.js';
import { sockOptionCalls } from './calls/sock-options.js';
import { stackCalls } from './calls/stack.js';
import { threadCalls, wasiThreadsCalls } from './calls/thread.js';
import { ttyCalls } from './calls/tty.js';

/** The 46 calls of preview1. */
const preview1 = {
  ...argsCalls,
  ...environCalls,
  ...clockCalls,
  ...randomCalls,
  ...schedCalls,
  ...fdCalls,
  ...pathCalls,
  ...pollCalls,
  ...procCalls,
  ...signalCalls,
  ...sockCalls,
};

/** The 91 calls that WASIX adds. */
const wasixExtras = () => ({
  ...clockWasixCalls,
  ...fdWasixCalls,
  ...pathWasixCalls,
  ...epollCalls,
  ...threadCalls,
  ...futexCalls,
  ...procWasixCalls,
  ...stackCalls,
  ...signalWasixCalls,
  ...sockWasixCalls,
  ...sockOptionCalls,
  ...portCalls,
  ...ttyCalls,
  ...dlCalls,
  ...dynamicCallCalls,
  ...contextCalls,
});

/** Names that only newer hosts have. */
const wasixNewer = { ...procNewerCalls, ...signalNewerCalls, ...sockNewerCalls };

const { sock_accept: _absent, ...snapshot0Base } = preview1;

/**
 * Every call there is, by its own name. Handlers and support tables are complete when they have these keys.
 */
export function allCalls() {
  return {
    ...preview1,
    ...wasiThreadsCalls,
    ...wasixExtras(),
    ...wasixNewer,
    ...procOlderCalls,
    ...snapshot0Calls,
  } satisfies Record<string, CallDescription>;
}

const unstable = once(() => ({
  ...snapshot0Base,
  ...wasiThreadsCalls,
  fd_filestat_get: snapshot0Calls.fd_filestat_get_snapshot0,
  fd_seek: snapshot0Calls.fd_seek_snapshot0,
  path_filestat_get: snapshot0Calls.path_filestat_get_snapshot0,
  poll_oneoff: snapshot0Calls.poll_oneoff_snapshot0,
}));

const wasix = once(() => ({
  ...preview1,
  ...wasixExtras(),
  ...wasixNewer,
  sock_accept: sockWasixCalls.sock_accept_v2,
  thread_spawn: threadCalls.thread_spawn_v2,
}));

/**
 * The import namespaces: for each, the import names and the call each one means. Those that a plain program does not use
 * are made when they are looked at: every start of a program comes by here.
 */
export const namespaces = {
  wasi_snapshot_preview1: { ...preview1, ...wasiThreadsCalls },
  get wasi_unstable() {
    return unstable();
  },
  get wasix_32v1() {
    return wasix();
  },
  wasi: wasiThreadsCalls,
} satisfies Record<string, Record<string, CallDescription>>;

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Name of an import namespace. */
export type NamespaceName = keyof typeof namespaces;

/** What can be imported from `wasi_snapshot_preview1`: preview1 and `thread-spawn`. */
export type Preview1Name = keyof (typeof namespaces)['wasi_snapshot_preview1'];

/** What can be imported from `wasi_unstable`. */
export type Snapshot0Name = keyof (typeof namespaces)['wasi_unstable'];

/** What can be imported from `wasix_32v1`. */
export type WasixName = keyof (typeof namespaces)['wasix_32v1'];

type Calls = ReturnType<typeof allCalls>;

/** Own name of a call: a key of {@link allCalls}, and the `name` of a description in {@link namespaces}. */
export type CallName = keyof Calls;

/** A JavaScript function for every call, by its own name: i32 as number, i64 as bigint. */
export type CallFunctions = { readonly [Name in CallName]: CallFunction<Calls[Name]> };

/**
 * The call that an import means, or undefined when the host has none of that name.
 *
 * @param wasmParamCount number of wasm parameters the module declares. It decides between the two `proc_join`.
 */
export function findCall(
  namespace: string,
  importName: string,
  wasmParamCount?: number,
): (CallDescription & { readonly name: CallName }) | undefined {
  if (namespace === 'wasix_32v1' && importName === 'proc_join' && wasmParamCount === 2) {
    return procOlderCalls.proc_join_2022;
  }
  if (!Object.hasOwn(namespaces, namespace)) {
    return undefined;
  }
  const imports: Readonly<Record<string, Calls[CallName]>> = namespaces[namespace as NamespaceName];
  return Object.hasOwn(imports, importName) ? imports[importName] : undefined;
}
