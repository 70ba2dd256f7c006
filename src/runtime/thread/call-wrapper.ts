/**
 * The frame around every guest call: marks the thread as inside the host, turns failures into errnos in one place,
 * lets exits through, delivers signals on the way out.
 */
import { Errno } from '../../abi/errno.js';
import { Failure } from '../../kernel/failure.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import { KernelMemoryFull } from '../../kernel/memory/kernel-memory.js';
import { deliverSignals } from '../../kernel/signals/delivery.js';
import { hasPendingSignals } from '../../kernel/signals/pending.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';

/** A call's implementation with its types erased: the registry has checked them. */
export type RawHandler = (thread: GuestThread, ...args: RawValue[]) => number | undefined;
export type RawValue = number | bigint;
export type RawImport = (...args: RawValue[]) => number | undefined;

/**
 * The errno of what a call threw. Anything that is neither a failure of the call nor an error of the host system is
 * a fault of this program or the guest's way out: it is thrown on, never shown as an errno.
 */
export function errnoOf(thread: GuestThread, error: unknown): number {
  if (error instanceof Failure) return error.errno;
  if (thread.leaving) throw error;
  if (error instanceof KernelMemoryFull) return Errno.NOMEM;
  const errno = errnoOfHostError(error);
  if (errno !== undefined) return errno;
  // Node refuses some numbers (a length beyond what a buffer can have) before the system sees them.
  if (error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE') return Errno.INVAL;
  throw error;
}

function finish(thread: GuestThread): void {
  // A thread on its way out stays marked as inside the host until its worker has let go of it.
  if (thread.leaving) return;
  if (hasPendingSignals(thread)) deliverSignals(thread);
  thread.exitCall();
}

/** Most parameters that `wrapNarrow` passes on; calls on hot paths have no more. */
const NARROW = 4;

/**
 * Wraps a handler as an import function. It has a fixed number of parameters, so that no argument array is made;
 * those beyond the call's own arrive as undefined and are ignored.
 */
export function wrapCall(thread: GuestThread, handler: RawHandler, params: number): RawImport {
  return params <= NARROW ? wrapNarrow(thread, handler) : wrapWide(thread, handler);
}

function wrapNarrow(thread: GuestThread, handler: RawHandler): RawImport {
  return (a, b, c, d) => {
    thread.enterCall();
    try {
      return handler(thread, a!, b!, c!, d!);
    } catch (error) {
      return errnoOf(thread, error);
    } finally {
      finish(thread);
    }
  };
}

function wrapWide(thread: GuestThread, handler: RawHandler): RawImport {
  return (a, b, c, d, e, f, g, h, i, j, k, l, m, n) => {
    thread.enterCall();
    try {
      return handler(thread, a!, b!, c!, d!, e!, f!, g!, h!, i!, j!, k!, l!, m!, n!);
    } catch (error) {
      return errnoOf(thread, error);
    } finally {
      finish(thread);
    }
  };
}

/**
 * As `wrapCall`, for calls that take no lock and hold nothing (registry.ts, `quickCalls`). Signals are delivered here
 * too: a guest may wait for one with nothing but `sched_yield`.
 */
export function wrapQuickCall(thread: GuestThread, handler: RawHandler): RawImport {
  return (a, b, c, d) => {
    let result: number | undefined;
    try {
      result = handler(thread, a!, b!, c!, d!);
    } catch (error) {
      result = errnoOf(thread, error);
    }
    if (hasPendingSignals(thread)) deliverOutside(thread);
    return result;
  };
}

function deliverOutside(thread: GuestThread): void {
  thread.enterCall();
  deliverSignals(thread);
  thread.exitCall();
}
