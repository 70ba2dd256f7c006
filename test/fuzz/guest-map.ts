/**
 * What is where in the memory of a fuzzed guest, in bytes:
 *
 *   0       the null page, which calls may write to
 *   4 KiB   constants: names, texts, one long list of buffers; must not change
 *   32 KiB  PROGRESS: calls made, a word for each thread
 *   48 KiB  SLOTS: descriptors that calls have made, by kind; calls write there
 *   64 KiB  STATS: for each call and each errno how often it was answered
 *   256 KiB OWN: a zone for each thread, where it puts the structs that it passes; calls write there
 *   448 KiB a guard, which must not change
 *   512 KiB the ARENA, which calls may write to
 *   576 KiB another guard
 *   704 KiB the END zone, up to the end of memory, which calls may write to
 *
 * A pointer of a well-behaved argument leads into a zone that may be written to, and its length ends there, or it is
 * out of memory altogether. So a call that keeps to its arguments cannot reach a guard.
 */
const KIB = 1024;

export const PAGE = 64 * KIB;

/** Pages of the memory. */
export const PAGES = 12;

/** A range of memory, from `start` to before `end`. */
export interface Zone {
  readonly start: number;
  readonly end: number;
}

export const MEMORY_END = PAGES * PAGE;
export const NULL_PAGE: Zone = { start: 0, end: 4 * KIB };
export const CONSTANTS: Zone = { start: 4 * KIB, end: 32 * KIB };
export const PROGRESS = 32 * KIB;
/** Words that say which scripts have been taken by a thread. */
export const CLAIMED = 36 * KIB;
/** A word that counts the signals taken, one that says that the script of further threads is in use, one to wait on. */
export const SIGNALS = 40 * KIB;
export const EXTRA_IN_USE = SIGNALS + 4;
export const NEVER = SIGNALS + 8;
export const STATS = 64 * KIB;

/** What kinds of descriptor calls make; each has some slots, where the numbers of the last ones are. */
export const slotKinds = ['file', 'directory', 'pipe', 'pair', 'socket', 'event', 'epoll', 'copy'] as const;
export type SlotKind = (typeof slotKinds)[number];
export const SLOTS_OF_A_KIND = 6;
export const SLOTS: Zone = { start: 48 * KIB, end: 48 * KIB + slotKinds.length * SLOTS_OF_A_KIND * 4 };

export function slotAt(kind: SlotKind, index: number): number {
  return SLOTS.start + (slotKinds.indexOf(kind) * SLOTS_OF_A_KIND + index) * 4;
}
export const ARENA: Zone = { start: 512 * KIB, end: 576 * KIB };
export const END_ZONE: Zone = { start: 704 * KIB, end: MEMORY_END };
/** Must keep the value that the guest fills them with. */
export const GUARDS: readonly Zone[] = [
  { start: 448 * KIB, end: ARENA.start },
  { start: ARENA.end, end: END_ZONE.start },
];
export const GUARD_BYTE = 0xa5;

/** Errnos that STATS tells apart; the last slot takes what is no errno. */
export const ERRNO_SLOTS = 96;
export const NO_ERRNO = ERRNO_SLOTS - 1;

const OWN = 256 * KIB;
const OWN_SIZE = 8 * KIB;
const HANDLER_SIZE = 512;
const MOST_THREADS = 8;

/** The zone of a thread: 1 to 7 for those with a script, 0 for what else there is. */
export function ownZone(thread: number): Zone {
  if (thread < 0 || thread >= MOST_THREADS) throw new RangeError(`no thread ${thread}`);
  return { start: OWN + thread * OWN_SIZE, end: OWN + (thread + 1) * OWN_SIZE };
}

/** Signal handlers, and the zone of each: two threads may be in the same one. */
export const HANDLERS = 64;

export function handlerZone(handler: number): Zone {
  const start = OWN + MOST_THREADS * OWN_SIZE + handler * HANDLER_SIZE;
  return { start, end: start + HANDLER_SIZE };
}

/** Address of the counters of a call, by its index. */
export function statsOf(call: number): number {
  return STATS + call * ERRNO_SLOTS * 4;
}
