/** wasix-run: runs threaded WASI and WASIX programs on Node.js. */

export type { CompileOptions, RunOptions } from './api/options.js';
export { type CompiledModule, compile, run } from './api/run.js';
export { type RunSyncOptions, runSync } from './api/run-sync.js';
export { type GuestProcess, type SignalName, type SpawnOptions, spawn } from './api/spawn.js';
export { type ExitError, WASI } from './api/wasi.js';
export type { WASIOptions } from './api/wasi-options.js';
export type { Job } from './pool/jobs.js';
export type { PoolCounters, PoolOptions } from './pool/pool-options.js';
export type { EndReason, RunEnd } from './runtime/end-status.js';
export type { RunResult, RunStats } from './runtime/host/run-result.js';
export type { OutputSetting, StdinSetting, TraceSetting } from './runtime/host/stdio-settings.js';
export type { ListenerAddress } from './runtime/listener-place.js';
export type { ModuleSource } from './runtime/load.js';
export { LoadError, type LoadErrorCode } from './runtime/load-error.js';
export type { Grant } from './runtime/mounts.js';
export type { NetGrants } from './runtime/network-policy.js';
export { ThreadPool } from './runtime/thread-pool.js';
