/**
 * What a worker has to be told before it can run tasks, on its way from the host (announcements.ts) to the worker.
 *
 * Each worker has an inbox, a message port of its own, and reads it whenever it wakes. Most of what a worker with
 * nothing to do is told is over before it ever looks, and taking a message in costs more than anything else about it.
 * So the host now and then sends such a worker a new inbox, with only what still holds, and the worker closes the old
 * one unread; that frees what the messages in it held. New inboxes come through the worker's parent port, counted in
 * its record (RENEWED).
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { SLOT, slotAt } from './pool-memory.js';

/** In an inbox: what holds from now on under `key`. */
export interface Announcement {
  readonly announced: number;
  readonly message: unknown;
}

/** In an inbox: what was announced under `key` is over. */
export interface Withdrawal {
  readonly withdrawn: number;
  readonly message: unknown;
}

/** On the parent port: the new inbox, and what was withdrawn in the old one, which may have been read or not. */
export interface Renewal {
  readonly inbox: MessagePort;
  readonly missed: readonly Withdrawal[];
}

/** More messages than these are not counted. */
const MOST_COUNTED = 0xff_ffff;

/**
 * What SENT says: in the highest 8 bits which inbox it is about, by the number of renewals, in the others how many
 * messages are or were in it; −1 when they are too many.
 */
export function sentWord(renewed: number, sent: number): number {
  return sent < MOST_COUNTED ? ((renewed & 0xff) << 24) | sent : -1;
}

/** The worker's end. */
export class InboxReader {
  readonly #words: Int32Array;
  /** Its record in them. */
  readonly #at: number;
  readonly #parent: MessagePort;
  /** Keys of the announcements taken in and not withdrawn. */
  readonly #taken = new Set<number>();
  #port: MessagePort;
  #closed: Promise<unknown>;
  #renewed = 0;
  #read = 0;
  /** What SENT says when all messages have been read; undefined where it cannot say so. */
  #allRead: number | undefined = sentWord(0, 0);
  #missed: Withdrawal[] = [];
  #closing: Promise<unknown>[] = [];

  constructor(words: Int32Array, slot: number, parent: MessagePort, port: MessagePort) {
    this.#words = words;
    this.#at = slotAt(slot);
    this.#parent = parent;
    this.#port = port;
    this.#closed = closeOf(port);
  }

  /**
   * The next message to take in, undefined when there is none. Does not wait. An announcement comes once; its withdrawal
   * comes in any case, and after a renewal perhaps again: a worker may have what it is about from somebody else.
   */
  next(): unknown {
    if (this.#isEmpty() && this.#missed.length === 0) return undefined;
    this.#renew();
    for (let entry = this.#entry(); entry; entry = this.#entry()) {
      if ('announced' in entry) {
        if (this.#taken.has(entry.announced)) continue;
        this.#taken.add(entry.announced);
      } else this.#taken.delete(entry.withdrawn);
      return entry.message;
    }
    return undefined;
  }

  /** Resolves when the inboxes replaced are closed, for which the event loop has to turn; undefined if none are. */
  get closing(): Promise<unknown> | undefined {
    if (this.#closing.length === 0) return undefined;
    return Promise.all(this.#closing.splice(0));
  }

  #entry(): Announcement | Withdrawal | undefined {
    const missed = this.#missed.shift();
    if (missed) return missed;
    if (this.#isEmpty()) return undefined;
    const received = receiveMessageOnPort(this.#port);
    if (received) this.#countRead(this.#read + 1);
    return received?.message;
  }

  /**
   * Whether all messages have been read, told without a look into the port, which takes long. RENEWED is counted before
   * SENT is about the new inbox, and is looked at after it: where both are about ours, so is the number.
   */
  #isEmpty(): boolean {
    return (
      Atomics.load(this.#words, this.#at + SLOT.SENT) === this.#allRead &&
      Atomics.load(this.#words, this.#at + SLOT.RENEWED) === this.#renewed
    );
  }

  #countRead(read: number): void {
    this.#read = read;
    this.#allRead = read < MOST_COUNTED ? sentWord(this.#renewed, read) : undefined;
    Atomics.store(this.#words, this.#at + SLOT.READ, read);
  }

  #renew(): void {
    const renewed = Atomics.load(this.#words, this.#at + SLOT.RENEWED);
    while (this.#renewed !== renewed) {
      const { inbox, missed } = receiveMessageOnPort(this.#parent)!.message as Renewal;
      this.#closing.push(this.#closed);
      this.#port.close();
      this.#port = inbox;
      this.#closed = closeOf(inbox);
      this.#renewed++;
      this.#countRead(0);
      this.#missed.push(...missed);
    }
  }
}

/**
 * Resolves when the port is closed. It is listened for from the beginning: to read to the end of an inbox that the host has
 * closed closes it too, and the event loop may turn before the worker hears that it has a new one.
 */
function closeOf(port: MessagePort): Promise<unknown> {
  return new Promise((resolve) => port.once('close', resolve));
}
