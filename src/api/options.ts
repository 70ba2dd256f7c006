import type { OutputSetting, StdinSetting, TraceSetting } from '../runtime/host/stdio-settings.js';
import type { HostImports } from '../runtime/host-imports.js';
import type { Grant } from '../runtime/mounts.js';
import type { NetGrants } from '../runtime/network-policy.js';
import type { OptimizeSetting } from '../runtime/optimizing-compiler.js';
import type { ThreadPool } from '../runtime/thread-pool.js';

/** How a module is compiled. */
export interface CompileOptions {
  /**
   * Has V8's optimizing compiler compile the module from the start: `'small'` if its code is of up to 8 KiB, which takes
   * some 5 ms; `'always'` whatever it takes. A loop in a function that is called once is several times faster then. Flags
   * of V8 are changed while the module is compiled, which slows down workers of the host program that boot meanwhile.
   * Without effect from V8 14 on (Node 25). Default: V8 begins with its baseline compiler.
   */
  readonly optimize?: OptimizeSetting;
}

/** How a program is run. Nothing is granted that is not named here. */
export interface RunOptions extends CompileOptions {
  /** Arguments after the program's name. */
  readonly args?: readonly string[];
  /** The program's name, `argv[0]`. Default: the module's file name, or `module`. */
  readonly argv0?: string;
  /** Environment variables. Default: none; the host's are not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Host directories the program may use: a path, or `{ host, guest, readOnly }`. A grant without `host` is a private
   * directory that is removed at the end. Default: none.
   */
  readonly dirs?: readonly (string | Grant)[];
  /**
   * Programs that a WASIX program finds in its `/bin`, to run or read: names there, and paths of the host's files. Nothing
   * else of the host is reachable by them. Default: none.
   */
  readonly commands?: Readonly<Record<string, string>>;
  /**
   * The network: `true` for all of it, or lists of what the program may connect to and listen on, such as
   * `{ connect: ['example.org:443'], listen: ['127.0.0.1:8080'] }`, and of name servers. Default `false`: nothing.
   */
  readonly net?: boolean | NetGrants;
  /**
   * Listeners made for the program before it starts, which it finds as descriptors after those of its directories (from 3 on
   * without any) and accepts at: `127.0.0.1:8080`, `[::1]:8080`, `8080` for that port of 127.0.0.1, or `unix:PATH`, a socket
   * file on the host, which is removed at the end. Port 0 is a free one; `spawn` tells which. No further grant is needed.
   * Default: none.
   */
  readonly listeners?: readonly string[];
  /** Working directory of a WASIX program, a guest path. Default `/home` if a relative directory is granted, else `/`. */
  readonly cwd?: string;
  /** Default `'ignore'`: end of file at once. Text to read is given as `{ text }`. */
  readonly stdin?: StdinSetting;
  /** Default `'inherit'`. */
  readonly stdout?: OutputSetting;
  /** Default `'inherit'`. */
  readonly stderr?: OutputSetting;
  /** Most guest threads alive at once, the main thread included. Default 1024. */
  readonly maxThreads?: number;
  /** Most guest processes at once, those not yet waited for included. Default 256. */
  readonly maxProcesses?: number;
  /** Most bytes the guest's memory may grow to. Default: the module's own maximum. */
  readonly maxMemory?: number;
  /** Most open descriptors. Default 65,536. */
  readonly maxDescriptors?: number;
  /** Milliseconds after which the program is ended. Default: none. */
  readonly timeout?: number;
  /** Export to call instead of `_start`; for reactors, after `_initialize`. */
  readonly entry?: string;
  /**
   * Functions, `{ env: { log: (x) => … } }`, that the program's main thread may import. They run on the caller's
   * thread, one round trip of its event loop each.
   */
  readonly imports?: HostImports;
  /** Path or URL of a module whose exports, `{ env: { fn } }`, are imports of every thread; each worker loads it. */
  readonly threadImports?: string | URL;
  /** Where one line for each guest call, decoded, goes: stderr, a stream, or a function. A slow reader slows the guest. */
  readonly trace?: TraceSetting;
  /** Takes one-line remarks, such as that the thread limit was reached. Default: to stderr. */
  readonly onNotice?: (line: string) => void;
  /** Ends the program as SIGTERM would when aborted. */
  readonly signal?: AbortSignal;
  /** The pool to run on. Default: one for this run, of `coreThreads` to `maxThreads` workers. */
  readonly pool?: ThreadPool;
  /** Workers to boot before the program starts. Default 0. */
  readonly coreThreads?: number;
  /** Milliseconds that an idle worker of the run's own pool is kept. Default 60,000. */
  readonly keepAlive?: number;
  /**
   * `'worker'` has a worker of its own do what a run needs of an event loop, for callers that block theirs while the
   * program runs. Then nothing of the caller's thread can be an option: no `pool`, no `imports`, no streams or functions
   * for standard streams and `trace`. For `run` alone. Default: the caller's event loop.
   */
  readonly supervisor?: 'worker';
}
