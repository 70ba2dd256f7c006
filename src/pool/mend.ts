/**
 * Putting the pool's words in order after a worker that died inside the lock.
 *
 * The engine ends a worker at its heap limit where code calls a function or goes round a loop, not between two
 * statements. So a record and a task are whole, or not begun; what can be missing is the second of two steps:
 *
 *   - A record changed its state and the counters do not know: they are counted anew from the records.
 *   - A worker was given a task, or retired, and was not woken: all are woken, and look.
 *   - The dying worker had copied the first pending task into its own record and not taken it out of the ring: it is
 *     taken out, and is lost with the worker, whose owner hears of that (`removeWorker`). The other way round no task
 *     leaves the ring before it stands in a record.
 *   - A submitted task that is in no record and not counted as pending was not accepted: its submitter is the worker
 *     that died, and the process of a thread that dies with its worker is ended.
 */
import { POOL, pendingAt, SLOT, SlotState, slotAt, TASK_WORDS, wakeWorker } from './pool-memory.js';

/** Mends the words after worker `slot` died inside the lock, which the caller has now. */
export function mendWords(words: Int32Array, slot: number): void {
  dropTakenTask(words, slot);
  const counts = new Map<number, number>();
  for (let other = 0; other < words[POOL.MAX]!; other++) {
    const state = words[slotAt(other) + SLOT.STATE]!;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const count = (state: number) => counts.get(state) ?? 0;
  words[POOL.LIVE] = words[POOL.MAX]! - count(SlotState.NONE);
  words[POOL.BOOTING] = count(SlotState.BOOTING) + count(SlotState.READY);
  words[POOL.IDLE] = count(SlotState.IDLE);
  words[POOL.BUSY] = count(SlotState.BUSY);
  words[POOL.NO_IDLE] = 0;
  for (let other = 0; other < words[POOL.MAX]!; other++) wakeWorker(words, other);
  Atomics.add(words, POOL.CHANGE, 1);
  Atomics.notify(words, POOL.CHANGE);
}

function dropTakenTask(words: Int32Array, slot: number): void {
  if (words[POOL.PENDING] === 0) return;
  const own = slotAt(slot) + SLOT.TASK;
  const first = pendingAt(words, words[POOL.PENDING_HEAD]!);
  for (let i = 0; i < TASK_WORDS; i++) if (words[own + i] !== words[first + i]) return;
  words[slotAt(slot) + SLOT.STATE] = SlotState.BUSY;
  words[POOL.PENDING_HEAD] = (words[POOL.PENDING_HEAD]! + 1) % words[POOL.MAX]!;
  words[POOL.PENDING]!--;
}
