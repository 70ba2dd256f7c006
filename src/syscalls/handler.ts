import type { CallFunctions, CallName } from '../abi/namespaces.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';

/**
 * What implements a guest call: the calling thread, then the call's wasm parameters as they arrive (i32 as a signed
 * number, i64 as a signed bigint). Answers the errno, or throws what the call's wrapper maps (runtime/thread).
 */
export type Handler<Name extends CallName> = (
  thread: GuestThread,
  ...args: Parameters<CallFunctions[Name]>
) => ReturnType<CallFunctions[Name]>;

/** Handlers of some calls, each with the parameters of its description. */
export type Handlers<Names extends CallName> = { readonly [Name in Names]: Handler<Name> };
