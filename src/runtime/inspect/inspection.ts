/** What `inspect` finds out about a module, as data. */
import type { ExternalKind } from '../binary/exports.js';
import type { MemoryType } from '../binary/types.js';
import type { ImportProblemReason } from '../link-check.js';

/** All that is said of a module. */
export interface Inspection {
  /** A command exports `_start`, a reactor `_initialize` and no `_start`. */
  readonly kind: 'command' | 'reactor' | 'neither';
  /** Exported functions that `--entry` can name, in the module's order. */
  readonly functions: readonly string[];
  readonly abi: AbiInspection;
  readonly memory: MemoryInspection;
  readonly threads: ThreadInspection;
  readonly features: FeatureInspection;
  /** All imports, by what they are about, in the order of their first import. */
  readonly imports: readonly ImportGroup[];
  readonly verdict: Verdict;
}

/** An ABI a module imports from. `wasi-threads` stands for `thread-spawn`, wherever it is imported from. */
export type Abi = 'preview1' | 'wasi_unstable' | 'wasi-threads' | 'WASIX';

export interface AbiInspection {
  /**
   * What to call the module's ABI: the widest of its parts, of which WASIX contains preview1 and wasi-threads; `mix`
   * when it also imports from `wasi_unstable` beside preview1 or WASIX; `none` without any guest call.
   */
  readonly name: Abi | 'mix' | 'none';
  readonly parts: readonly Abi[];
}

/** Where guest memory comes from. Limits are in pages of 64 KiB. */
export type MemoryInspection =
  | {
      readonly origin: 'imported';
      readonly module: string;
      readonly name: string;
      readonly limits: MemoryType;
    }
  | { readonly origin: 'defined'; readonly exported: boolean; readonly limits: MemoryType }
  | { readonly origin: 'none' };

export interface ThreadInspection {
  /** The spawn calls it imports: `wasi.thread-spawn`, `wasix_32v1.thread_spawn_v2`. */
  readonly spawnCalls: readonly string[];
  /** The export `wasi_thread_start`; wrong unless it is a function (i32, i32) → () (ABI §1.3). */
  readonly entry: 'present' | 'absent' | 'wrong-type';
  /** Exports by which thread-local storage and stacks are set up. */
  readonly localStorage: readonly string[];
  /** Why no thread can be started, one line each with the remedy; empty when threads work or none is spawned. */
  readonly obstacles: readonly string[];
}

export interface FeatureInspection {
  readonly exceptions: boolean;
  readonly startSection: boolean;
  /** The asyncify exports there are, of the five that fork and setjmp need (ABI §1.3). */
  readonly asyncify: readonly string[];
  /** Has a `dylink.0` section: built to be linked at run time. */
  readonly dynamicLinking: boolean;
}

/** `unsupported` is a known call that is not implemented; the rest are problems that keep a module from running. */
export type ImportStatus = 'supported' | 'unsupported' | ImportProblemReason;

export interface InspectedImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly status: ImportStatus;
}

export interface ImportGroup {
  /** Family of the calls, `memory`, or what unknown imports belong to. */
  readonly family: string;
  readonly imports: readonly InspectedImport[];
}

export interface Verdict {
  /** `runs-in-part`: can run here, within `limits`. */
  readonly status: 'runs' | 'runs-in-part' | 'cannot-run';
  /** Why it cannot run, one line each with the remedy. */
  readonly reasons: readonly string[];
  /** What will not work when it runs, one line each. */
  readonly limits: readonly string[];
}
