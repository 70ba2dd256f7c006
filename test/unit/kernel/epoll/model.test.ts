/** Epoll against a model of it: whatever is added, changed, closed and raised, the same events come out. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EpollType } from '../../../../src/abi/epoll.js';
import { epollEvent } from '../../../../src/abi/structs.js';
import { FILE } from '../../../../src/kernel/descriptors/open-file.js';
import { ENTRY, entryOf, put, release } from '../../../../src/kernel/descriptors/table.js';
import { detachNumber } from '../../../../src/kernel/epoll/detach.js';
import { takeEvents } from '../../../../src/kernel/epoll/scan.js';
import { openSet } from '../../../../src/kernel/epoll/set.js';
import { removeWatch, setWatch } from '../../../../src/kernel/epoll/watch.js';
import { HEADER } from '../../../../src/kernel/memory/kernel-memory.js';
import {
  addCount,
  eventOf,
  openEventCounter,
  takeCount,
} from '../../../../src/kernel/objects/event-counter.js';
import { eventsOf } from '../../../../src/kernel/objects/operations.js';
import { kernelThread } from './kernel-thread.js';

const NUMBERS = 6;
const EVENT = 512;
const ROOM = { pointer: 1024, most: 64 };
const RIGHTS = { baseLow: -1, baseHigh: -1, inheritingLow: -1, inheritingHigh: -1 };
const { IN, OUT, ET, ONESHOT } = EpollType;

/** One number: what it counts to, and how it is watched. */
interface Entry {
  count: number;
  watch: { interest: number; armed: boolean; news: boolean } | undefined;
}

type Step =
  | { readonly do: 'watch'; readonly fd: number; readonly interest: number }
  | { readonly do: 'unwatch' | 'raise' | 'lower' | 'reopen'; readonly fd: number }
  | { readonly do: 'look' };

const fd = fc.nat({ max: NUMBERS - 1 });
const interest = fc.subarray([IN, OUT, ET, ONESHOT]).map((bits) => bits.reduce((sum, bit) => sum | bit, 0));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('watch' as const), fd, interest }),
  fc.record({
    do: fc.constantFrom('unwatch' as const, 'raise' as const, 'lower' as const, 'reopen' as const),
    fd,
  }),
  fc.constant({ do: 'look' as const }),
);

function stateOf({ count }: Entry): number {
  return OUT | (count > 0 ? IN : 0);
}

/** What the model reports, by number; it changes as a look changes it. */
function lookAtModel(entries: readonly Entry[]): Map<number, number> {
  const seen = new Map<number, number>();
  entries.forEach((entry, number) => {
    const { watch } = entry;
    if (!watch?.armed) return;
    const level = (watch.interest & ET) === 0;
    const bits = watch.interest & stateOf(entry);
    if (bits !== 0 && (level || watch.news)) {
      seen.set(number, bits);
      if ((watch.interest & ONESHOT) !== 0) watch.armed = false;
    }
    watch.news = false;
  });
  return seen;
}

class Subject {
  readonly thread = kernelThread();
  readonly setFile = openSet(this.thread.kernel, this.thread.owner);
  readonly set = this.thread.kernel.words[this.setFile + FILE.SET]!;

  constructor() {
    for (let number = 0; number < NUMBERS; number++) this.#open(number);
  }

  #open(number: number): void {
    const { kernel, owner } = this.thread;
    put(this.thread, number, openEventCounter(kernel, { low: 0, high: 0 }, 1, owner), { rights: RIGHTS });
  }

  #fileOf(number: number): number {
    return this.thread.kernel.words[entryOf(this.thread.kernel, this.thread.process, number) + ENTRY.FILE]!;
  }

  #keyOf(number: number) {
    return { set: this.set, file: this.#fileOf(number), fd: number };
  }

  watch(number: number, bits: number): void {
    this.thread.memory.setU32(EVENT, bits);
    setWatch(this.thread, this.#keyOf(number), { add: true, modify: true, event: EVENT });
  }

  unwatch(number: number): void {
    removeWatch(this.thread, this.#keyOf(number));
  }

  raise(number: number): void {
    const { kernel, owner } = this.thread;
    addCount(kernel, eventOf(kernel, this.#fileOf(number)), { low: 1, high: 0 }, owner);
  }

  lower(number: number): void {
    const { kernel, owner } = this.thread;
    takeCount(kernel, eventOf(kernel, this.#fileOf(number)), { low: 0, high: 0 }, owner);
  }

  reopen(number: number): void {
    const file = this.#fileOf(number);
    const entry = entryOf(this.thread.kernel, this.thread.process, number);
    Atomics.store(this.thread.kernel.words, entry + ENTRY.FILE, 0);
    detachNumber(this.thread, file, number);
    release(this.thread, file);
    this.#open(number);
  }

  look(): Map<number, number> {
    const { memory } = this.thread;
    const count = takeEvents(this.thread, this.set, eventsOf, ROOM);
    const seen = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const at = ROOM.pointer + i * epollEvent.size;
      const number = memory.getU32(at + epollEvent.at.fd);
      expect(seen.has(number), 'one event for a number').toBe(false);
      seen.set(number, memory.getU32(at + epollEvent.at.events));
    }
    return seen;
  }
}

/** Does one step to both; what the model says must come out. */
function run(subject: Subject, entries: Entry[], now: Step): void {
  if (now.do === 'look') {
    const sorted = (map: Map<number, number>) => [...map].sort(([a], [b]) => a - b);
    return expect(sorted(subject.look())).toEqual(sorted(lookAtModel(entries)));
  }
  const entry = entries[now.fd]!;
  if (now.do === 'watch') {
    subject.watch(now.fd, now.interest);
    entry.watch = { interest: now.interest, armed: true, news: true };
  } else if (now.do === 'unwatch') {
    if (entry.watch) subject.unwatch(now.fd);
    entry.watch = undefined;
  } else if (now.do === 'reopen') {
    subject.reopen(now.fd);
    entries[now.fd] = { count: 0, watch: undefined };
  } else if (now.do === 'raise' || entry.count > 0) {
    subject[now.do](now.fd);
    entry.count += now.do === 'raise' ? 1 : -1;
    const changed = now.do === 'raise' ? IN : OUT;
    if (entry.watch && (entry.watch.interest & changed) !== 0) entry.watch.news = true;
  }
}

it('reports what the model reports', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const subject = new Subject();
      const entries: Entry[] = Array.from({ length: NUMBERS }, () => ({ count: 0, watch: undefined }));
      for (const now of steps) run(subject, entries, now);
      run(subject, entries, { do: 'look' });
      release(subject.thread, subject.setFile);
      expect(subject.thread.kernel.words[HEADER.EPOLL_ITEMS]).toBe(0);
    }),
    { numRuns: 300 },
  );
});
