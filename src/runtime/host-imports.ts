/**
 * Imports that are functions of the API's caller. They run on the caller's thread, which the guest's main thread asks
 * by a message and waits for; so they cost a round trip to the event loop, and belong to the main thread alone. What
 * every thread is to call is given as a module that each worker loads (`threadImports`).
 *
 * A call uses a block of 4 words: 0 STATE (0 waiting, 1 done), 1 KIND of the result (0 none, 1 i32 or
 * float, 2 i64), 2…3 its bits; then two words of wait queue.
 */

/** A value that crosses between guest and host. */
export type ImportValue = number | bigint;

/** A function that a guest may call. */
export type HostFunction = (...args: never[]) => unknown;

/** Functions by module and name. */
export type HostImports = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>;

export const HOST_CALL = { STATE: 0, KIND: 1, BITS: 2, QUEUE: 4, WORDS: 6 } as const;

export const HostCallState = { WAITING: 0, DONE: 1 } as const;

export const HostCallKind = { NONE: 0, NUMBER: 1, BIGINT: 2 } as const;

/** Names "module.name" of the functions. */
export function namesOf(imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string[] {
  return Object.entries(imports).flatMap(([module, values]) =>
    Object.keys(values).map((name) => `${module}.${name}`),
  );
}
