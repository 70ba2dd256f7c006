/**
 * What the host tells workers that they need for their tasks. An idle worker can be given a task by another worker,
 * without the host: so an announcement is sent to every worker at once, and to new ones, in time for any task. But
 * nobody is woken for it, and who has not read it when it is over never will, as a rule (inbox.ts). Who has is woken
 * then, to let go of what it got. An offer is sent only to workers that have a task for it.
 */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import { type Announcement, type Renewal, sentWord, type Withdrawal } from './inbox.js';
import { SLOT, SlotState, slotAt, wakeWorker } from './pool-memory.js';

/** Idle workers get new inboxes after so many withdrawals, or so long after the last one, in milliseconds. */
const BATCH = 16;
const QUIET_MS = 100;

interface Inbox {
  port: MessagePort;
  /** How many the worker had before it. */
  renewed: number;
  /** Messages sent. */
  sent: number;
  /** How many messages there were with the announcement, by its key. */
  places: Map<number, number>;
  /** What was withdrawn in it. */
  withdrawn: Withdrawal[];
}

export class Announcements {
  readonly #words: Int32Array;
  readonly #standing = new Map<number, Announcement>();
  readonly #offers = new Map<number, { readonly announcement: Announcement; readonly slots: Set<number> }>();
  readonly #inboxes = new Map<number, { readonly worker: Worker; readonly inbox: Inbox }>();
  #timer: NodeJS.Timeout | undefined;
  #withdrawals = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Sends `message` to every worker, now and as it is created, until `withdraw(key)`. */
  announce(key: number, message: unknown): void {
    const announcement = { announced: key, message };
    this.#standing.set(key, announcement);
    for (const [slot, { inbox }] of this.#inboxes) {
      send(inbox, announcement);
      this.#count(slot, inbox);
    }
  }

  /** Has `message` ready for workers that need it, until `withdraw(key)`. Nobody is sent anything yet. */
  offer(key: number, message: unknown): void {
    this.#offers.set(key, { announcement: { announced: key, message }, slots: new Set() });
  }

  /** Sends worker `slot` what is offered under `key`, if it has not got it, and wakes it. */
  deliver(key: number, slot: number): void {
    const offer = this.#offers.get(key);
    const inbox = this.#inboxes.get(slot)?.inbox;
    if (!offer || !inbox || offer.slots.has(slot)) return;
    offer.slots.add(slot);
    send(inbox, offer.announcement);
    this.#count(slot, inbox);
    wakeWorker(this.#words, slot);
  }

  /** Takes note that worker `slot` has what is offered under `key` from elsewhere: it is told of the withdrawal. */
  credit(key: number, slot: number): void {
    const inbox = this.#inboxes.get(slot)?.inbox;
    inbox?.places.set(key, 0);
    if (inbox) this.#offers.get(key)?.slots.add(slot);
  }

  /** Ends an announcement or offer and sends `message` to those who had it; idle workers take it in after a while. */
  withdraw(key: number, message: unknown): void {
    const offer = this.#offers.get(key);
    this.#offers.delete(key);
    this.#standing.delete(key);
    const withdrawal = { withdrawn: key, message };
    for (const [slot, { inbox }] of this.#inboxes) {
      if (offer && !offer.slots.has(slot)) continue;
      const place = inbox.places.get(key);
      inbox.port.postMessage(withdrawal);
      inbox.sent++;
      this.#count(slot, inbox);
      inbox.places.delete(key);
      inbox.withdrawn.push(withdrawal);
      // Who is about to take a new inbox still counts the old one, and may be woken for nothing.
      const read = Atomics.load(this.#words, slotAt(slot) + SLOT.READ);
      if (place !== undefined && read >= place) wakeWorker(this.#words, slot);
    }
    if (++this.#withdrawals >= BATCH) this.#renewIdle();
    else this.#renewLater();
  }

  /** Makes the inbox of a new worker: `create` hands its end over. */
  open(slot: number, create: (inbox: MessagePort) => Worker): Worker {
    const { inbox, end } = this.#makeInbox(slot, 0);
    this.#count(slot, inbox);
    try {
      const worker = create(end);
      this.#inboxes.set(slot, { worker, inbox });
      return worker;
    } catch (error) {
      inbox.port.close();
      throw error;
    }
  }

  /** Worker `slot` is gone. */
  close(slot: number): void {
    this.#inboxes.get(slot)?.inbox.port.close();
    this.#inboxes.delete(slot);
    for (const { slots } of this.#offers.values()) slots.delete(slot);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #makeInbox(slot: number, renewed: number): { inbox: Inbox; end: MessagePort } {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const inbox: Inbox = { port: port1, renewed, sent: 0, places: new Map(), withdrawn: [] };
    for (const announcement of this.#standing.values()) send(inbox, announcement);
    for (const { announcement, slots } of this.#offers.values())
      if (slots.has(slot)) send(inbox, announcement);
    return { inbox, end: port2 };
  }

  /** Tells the worker how many messages there are. */
  #count(slot: number, { renewed, sent }: Inbox): void {
    Atomics.store(this.#words, slotAt(slot) + SLOT.SENT, sentWord(renewed, sent));
  }

  #renewLater(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#renewIdle(), QUIET_MS).unref();
  }

  #renewIdle(): void {
    this.stop();
    this.#withdrawals = 0;
    for (const [slot, { worker, inbox }] of this.#inboxes) {
      if (inbox.withdrawn.length === 0) continue;
      // A busy worker reads its inbox when its task is over.
      if (Atomics.load(this.#words, slotAt(slot) + SLOT.STATE) === SlotState.IDLE)
        this.#renew(slot, worker, inbox);
    }
  }

  #renew(slot: number, worker: Worker, inbox: Inbox): void {
    const { inbox: fresh, end } = this.#makeInbox(slot, inbox.renewed + 1);
    const renewal: Renewal = { inbox: end, missed: inbox.withdrawn };
    worker.postMessage(renewal, [end]);
    inbox.port.close();
    Object.assign(inbox, fresh);
    Atomics.add(this.#words, slotAt(slot) + SLOT.RENEWED, 1);
    this.#count(slot, inbox);
    wakeWorker(this.#words, slot);
  }
}

function send(inbox: Inbox, announcement: Announcement): void {
  inbox.port.postMessage(announcement);
  inbox.places.set(announcement.announced, ++inbox.sent);
}
