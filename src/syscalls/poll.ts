/** `poll_oneoff` (ABI §2.4): waiting for clocks and descriptors, in both layouts of its subscriptions. */
import { ClockId } from '../abi/clock-id.js';
import { Errno } from '../abi/errno.js';
import { EventType } from '../abi/event-type.js';
import { EventRwFlags, SubclockFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { event, subscription, subscriptionSnapshot0 } from '../abi/structs.js';
import { deadlineAfter, deadlineAt } from '../kernel/clock.js';
import { acquire, release } from '../kernel/descriptors/table.js';
import { Failure, fail } from '../kernel/failure.js';
import { operationsOf } from '../kernel/objects/operations.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { WaitKind } from '../kernel/threads/thread-words.js';
import { waitUntil } from '../kernel/threads/waiting.js';
import type { Handlers } from './handler.js';

type SubscriptionLayout = Pick<typeof subscription, 'size' | 'at'>;

interface Clock {
  readonly type: 0;
  readonly userdata: bigint;
  readonly deadline: number;
}

interface Descriptor {
  readonly type: 1 | 2;
  readonly userdata: bigint;
  /** The open file, held until the call is over; 0 when `error` says why there is none. */
  readonly file: number;
  readonly error: Errno;
}

interface PollEvent {
  readonly userdata: bigint;
  readonly type: number;
  readonly error: Errno;
  readonly bytes: number;
  readonly hangup: boolean;
}

function readClock(thread: GuestThread, at: number, layout: SubscriptionLayout): Clock {
  const { memory } = thread;
  const id = memory.getU32(at + layout.at.clockId);
  const timeout = memory.getU64(at + layout.at.timeout);
  const flags = memory.getU16(at + layout.at.clockFlags);
  if (id !== ClockId.REALTIME && id !== ClockId.MONOTONIC) fail(Errno.INVAL);
  if ((flags & ~SubclockFlags.ABSTIME) !== 0) fail(Errno.INVAL);
  const absolute = (flags & SubclockFlags.ABSTIME) !== 0;
  const deadline = absolute ? deadlineAt(thread, id, timeout) : deadlineAfter(timeout);
  return { type: EventType.CLOCK, userdata: memory.getU64(at), deadline };
}

/** Holds the file of a descriptor subscription. A bad descriptor is an event of its own, not the end of the call. */
function readDescriptor(
  thread: GuestThread,
  at: number,
  layout: SubscriptionLayout,
  type: 1 | 2,
): Descriptor {
  const userdata = thread.memory.getU64(at);
  const fd = thread.memory.getU32(at + layout.at.fd);
  try {
    return { type, userdata, file: acquire(thread, fd, RightBit.POLL_FD_READWRITE), error: Errno.SUCCESS };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { type, userdata, file: 0, error: error.errno };
  }
}

function readSubscriptions(thread: GuestThread, pointer: number, count: number, layout: SubscriptionLayout) {
  const clocks: Clock[] = [];
  const descriptors: Descriptor[] = [];
  const start = thread.memory.span(pointer, count * layout.size);
  try {
    for (let i = 0; i < count; i++) {
      const at = start + i * layout.size;
      const type = thread.memory.getU8(at + layout.at.tag);
      if (type === EventType.CLOCK) clocks.push(readClock(thread, at, layout));
      else if (type === EventType.FD_READ || type === EventType.FD_WRITE) {
        descriptors.push(readDescriptor(thread, at, layout, type));
      } else fail(Errno.INVAL);
    }
  } catch (error) {
    releaseAll(thread, descriptors);
    throw error;
  }
  return { clocks, descriptors };
}

function releaseAll(thread: GuestThread, descriptors: readonly Descriptor[]): void {
  for (const { file } of descriptors) if (file !== 0) release(thread, file);
}

function descriptorEvents(thread: GuestThread, descriptors: readonly Descriptor[]): PollEvent[] {
  const events: PollEvent[] = [];
  for (const { userdata, type, file, error } of descriptors) {
    if (file === 0) {
      events.push({ userdata, type, error, bytes: 0, hangup: false });
      continue;
    }
    const state = operationsOf(thread, file).readiness(thread, file, type === EventType.FD_WRITE);
    if (state.ready)
      events.push({ userdata, type, error: Errno.SUCCESS, bytes: state.bytes, hangup: state.hangup });
  }
  return events;
}

function addClockEvents(clocks: readonly Clock[], events: PollEvent[]): void {
  const now = performance.now();
  for (const { userdata, type, deadline } of clocks) {
    if (deadline <= now) events.push({ userdata, type, error: Errno.SUCCESS, bytes: 0, hangup: false });
  }
}

function earliest(clocks: readonly Clock[]): number {
  return clocks.reduce((least, { deadline }) => Math.min(least, deadline), Number.POSITIVE_INFINITY);
}

/** What is woken when one of the descriptors may have become ready. */
function queuesOf(thread: GuestThread, descriptors: readonly Descriptor[]): number[] {
  return descriptors
    .filter(({ file }) => file !== 0)
    .map(({ file }) => operationsOf(thread, file).queue(thread, file))
    .filter((queue) => queue !== 0);
}

function writeEvents(thread: GuestThread, pointer: number, events: readonly PollEvent[]): void {
  const { memory } = thread;
  events.forEach((happened, i) => {
    const at = memory.clear((pointer >>> 0) + i * event.size, event.size);
    memory.setU64(at + event.at.userdata, happened.userdata);
    memory.setU16(at + event.at.error, happened.error);
    memory.setU8(at + event.at.type, happened.type);
    memory.setU64(at + event.at.nbytes, BigInt(happened.bytes));
    memory.setU16(at + event.at.flags, happened.hangup ? EventRwFlags.HANGUP : 0);
  });
}

function poll(
  thread: GuestThread,
  [pointer, out, count, result]: readonly [number, number, number, number],
  layout: SubscriptionLayout,
): Errno {
  const asked = count >>> 0;
  if (asked === 0) return Errno.INVAL;
  thread.memory.span(out, asked * event.size);
  thread.memory.span(result, 4);
  const { clocks, descriptors } = readSubscriptions(thread, pointer, asked, layout);
  try {
    const deadline = earliest(clocks);
    let events: PollEvent[] = [];
    const ready = () => {
      events = descriptorEvents(thread, descriptors);
      return events.length > 0;
    };
    if (!ready() && deadline > performance.now()) {
      waitUntil(thread, WaitKind.POLL, queuesOf(thread, descriptors), ready, deadline);
    }
    addClockEvents(clocks, events);
    writeEvents(thread, out, events);
    thread.memory.setU32(result, events.length);
    return Errno.SUCCESS;
  } finally {
    releaseAll(thread, descriptors);
  }
}

export const pollHandlers: Handlers<'poll_oneoff' | 'poll_oneoff_snapshot0'> = {
  poll_oneoff: (thread, ...args) => poll(thread, args, subscription),
  poll_oneoff_snapshot0: (thread, ...args) => poll(thread, args, subscriptionSnapshot0),
};
