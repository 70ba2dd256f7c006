/**
 * Imports of ABIs that binaries of 2022 and 2023 still carry and that no host of today serves. They are
 * recognised so that such a module is refused by name and with a reason, instead of as an unknown import
 * (ABI §1.1).
 */

/** Why an import is refused, and what the user can do. */
export interface HistoricalImport {
  /** The ABI it belongs to, as a short phrase: `'2022/2023 thread ABI'`. */
  readonly abi: string;
  /** One sentence for the user, without the import's name. */
  readonly advice: string;
}

const rebuild = 'rebuild the module with a current wasix-libc';

const oldThreads: HistoricalImport = {
  abi: '2022/2023 thread ABI',
  advice: `thread-local storage and thread entry were host calls then; ${rebuild}`,
};

const bus: HistoricalImport = {
  abi: '2022 bus ABI',
  advice: 'calls between modules over a bus were removed from WASIX and have no successor',
};

const web: HistoricalImport = {
  abi: '2022 web ABI',
  advice: 'HTTP and WebSocket host calls were removed from WASIX; use sockets',
};

const coroutines: HistoricalImport = {
  abi: 'experimental coroutine ABI',
  advice: 'current wasix-libc does not use it; context_create, context_switch and context_destroy replace it',
};

const experimental: HistoricalImport = {
  abi: 'experimental WASIX',
  advice: `current wasix-libc does not use it; ${rebuild}`,
};

const exact: Readonly<Record<string, HistoricalImport>> = {
  thread_local_create: oldThreads,
  thread_local_destroy: oldThreads,
  thread_local_set: oldThreads,
  thread_local_get: oldThreads,
  callback_thread: oldThreads,
  callback_thread_local_destroy: oldThreads,
  callback_reactor: oldThreads,
  call_reply: bus,
  call_fault: bus,
  call_close: bus,
  proc_vfork: experimental,
  proc_signals_count_get: experimental,
  call_dynamic2: experimental,
  dlclose: experimental,
  context_new: coroutines,
  context_delete: coroutines,
};

const prefixes: readonly (readonly [prefix: string, known: HistoricalImport])[] = [
  ['bus_', bus],
  ['ws_', web],
  ['http_', web],
  ['coroutine_', coroutines],
  ['continuation_', coroutines],
];

/** Export by which threads of that ABI were entered; today's is `wasi_thread_start`. */
export const HISTORICAL_THREAD_ENTRY = '_start_thread';

/** The same verdict for a module found by its {@link HISTORICAL_THREAD_ENTRY} export. */
export const historicalThreads: HistoricalImport = oldThreads;

/** Namespace of the HTTP client that followed the first one and went the same way. */
const HTTP_CLIENT_NAMESPACE = 'wasix_http_client_v1';

/**
 * What a historical import is, or undefined for one that is not known as such.
 *
 * @param wasmParamCount number of wasm parameters the module declares: `thread_spawn` has two today, and is of
 * the old thread ABI with any other number.
 */
export function historicalImport(
  namespace: string,
  importName: string,
  wasmParamCount?: number,
): HistoricalImport | undefined {
  if (namespace === HTTP_CLIENT_NAMESPACE) {
    return web;
  }
  if (namespace !== 'wasix_32v1' && namespace !== 'wasix_64v1') {
    return undefined;
  }
  if (importName === 'thread_spawn') {
    return wasmParamCount === undefined || wasmParamCount === 2 ? undefined : oldThreads;
  }
  if (Object.hasOwn(exact, importName)) {
    return exact[importName];
  }
  return prefixes.find(([prefix]) => importName.startsWith(prefix))?.[1];
}
