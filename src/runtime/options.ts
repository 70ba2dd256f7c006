import type { CommandConfig, MountConfig } from '../kernel/files/config.js';
import type { StdioSettings, TraceSetting } from './host/stdio-settings.js';
import type { HostImports } from './host-imports.js';
import type { ListenerPlace } from './listener-place.js';
import type { NetPolicy } from './network-policy.js';
import type { OptimizeSetting } from './optimizing-compiler.js';

/** What a run is given, with all defaults decided. */
export interface RunSettings {
  /** `argv`, the program's name first. */
  readonly args: readonly string[];
  /** Entries `KEY=VALUE`. */
  readonly env: readonly string[];
  readonly mounts: readonly MountConfig[];
  /** Programs in the `/bin` of a WASIX program. */
  readonly commands: readonly CommandConfig[];
  /** Working directory of a WASIX process. */
  readonly cwd: string;
  readonly stdio: StdioSettings;
  /** Most guest threads alive at once, the main thread included. */
  readonly maxThreads: number;
  /** Most guest processes at once, those that are over and not yet waited for included. */
  readonly maxProcesses: number;
  /** Most bytes that the guest's memory may grow to; undefined leaves it to the module. */
  readonly maxMemory: number | undefined;
  /** Most descriptors of a process. */
  readonly maxDescriptors: number;
  /** What of the network the program may use. */
  readonly net: NetPolicy;
  /** The listeners that the program is handed. */
  readonly listeners: readonly ListenerPlace[];
  /** Milliseconds after which the run is ended; undefined for none. */
  readonly timeout: number | undefined;
  readonly entry: string | undefined;
  /** Which of the programs that the run loads are optimized. */
  readonly optimize: OptimizeSetting | undefined;
  readonly importsUrl: string | undefined;
  /** Functions of the caller that the main thread may import. */
  readonly imports: HostImports;
  /** Takes the lines of `--trace`; undefined traces nothing. */
  readonly trace: TraceSetting | undefined;
  /** Takes one-line remarks for the operator, such as the hint of a refused spawn. */
  readonly notice: (line: string) => void;
}
