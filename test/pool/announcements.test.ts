/** What workers are told: what holds in time for any task, and what is over never, if they had no use for it. */
import { MessageChannel, type MessagePort, type TransferListItem, type Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Announcements } from '../../src/pool/announcements.js';
import { InboxReader, sentWord } from '../../src/pool/inbox.js';
import { createPoolWords, SLOT, SlotState, slotAt } from '../../src/pool/pool-memory.js';

const AT = slotAt(0);
/** Withdrawals after which idle workers get a new inbox. */
const BATCH = 16;

let words: Int32Array;
let announcements: Announcements;
let parent: MessageChannel;
let reader: InboxReader;

beforeEach(() => {
  words = createPoolWords(1);
  words[AT + SLOT.STATE] = SlotState.IDLE;
  announcements = new Announcements(words);
  announcements.announce(1, 'one');
  openWorker();
});

afterEach(() => {
  announcements.stop();
  announcements.close(0);
  parent.port1.close();
});

/** Both ends of a worker in this thread: `reader` is what it would read with. */
function openWorker(): void {
  parent = new MessageChannel();
  const postMessage = (message: unknown, moved: TransferListItem[]) =>
    parent.port1.postMessage(message, moved);
  announcements.open(0, (inbox: MessagePort) => {
    reader = new InboxReader(words, 0, parent.port2, inbox);
    return { postMessage } as Worker;
  });
}

function readAll(): unknown[] {
  const messages: unknown[] = [];
  for (let message = reader.next(); message !== undefined; message = reader.next()) messages.push(message);
  return messages;
}

/** Announces and withdraws as many as make one batch, with keys from 100. */
function batch(): void {
  for (let key = 100; key < 100 + BATCH; key++) {
    announcements.announce(key, `begin ${key}`);
    announcements.withdraw(key, `end ${key}`);
  }
}

const wakes = () => words[AT + SLOT.WAKE]!;

it('a new worker is told what holds already, then all in order', () => {
  announcements.announce(2, 'two');
  announcements.withdraw(1, 'one is over');
  expect(readAll()).toEqual(['one', 'two', 'one is over']);
  expect(readAll()).toEqual([]);
});

it('an idle worker gets nothing of what began and ended since it looked last, but hears of every end', () => {
  expect(readAll()).toEqual(['one']);
  announcements.announce(2, 'two');
  batch();
  const messages = readAll();
  expect(messages).not.toContain('begin 100');
  expect(messages.slice(0, BATCH)).toEqual(Array.from({ length: BATCH }, (_, i) => `end ${100 + i}`));
  // What still holds comes again in the new inbox, and is taken in once.
  expect(messages.slice(BATCH)).toEqual(['two']);
});

it('what is announced after a new inbox was sent is in it, though the worker has not looked yet', () => {
  batch();
  announcements.announce(3, 'three');
  batch();
  announcements.announce(4, 'four');
  expect(readAll().filter((message) => !/^end/.test(String(message)))).toEqual(['one', 'three', 'four']);
});

it('a replaced inbox is closed unread', async () => {
  batch();
  readAll();
  expect(reader.closing).toBeInstanceOf(Promise);
});

it('a busy worker keeps its inbox, and reads all of it when its task is over', () => {
  words[AT + SLOT.STATE] = SlotState.BUSY;
  batch();
  expect(words[AT + SLOT.RENEWED]).toBe(0);
  expect(readAll()).toHaveLength(1 + 2 * BATCH);
});

it('a worker is woken for an end if it has taken in the beginning, and otherwise not', () => {
  announcements.announce(2, 'two');
  const before = wakes();
  announcements.withdraw(2, 'two is over');
  expect(wakes()).toBe(before);
  readAll();
  announcements.withdraw(1, 'one is over');
  expect(wakes()).toBe(before + 1);
});

it('idle workers get new inboxes when nothing was withdrawn for a while', async () => {
  announcements.announce(2, 'two');
  announcements.withdraw(2, 'two is over');
  const before = wakes();
  expect(Atomics.load(words, AT + SLOT.RENEWED)).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(words[AT + SLOT.RENEWED]).toBe(1);
  expect(wakes()).toBe(before + 1);
  expect(readAll()).toEqual(['two is over', 'one']);
});

it('a count that is still about the inbox before hides nothing of the new one', () => {
  readAll();
  const before = words[AT + SLOT.SENT]!;
  batch();
  announcements.announce(2, 'two');
  // As the worker finds it when it looks after the renewal was told and before the new inbox was counted.
  words[AT + SLOT.SENT] = before;
  expect(readAll()).toContain('two');
});

it('messages beyond what can be counted are read all the same', () => {
  readAll();
  expect(sentWord(3, 0xff_fffe)).toBe(0x03ff_fffe);
  expect(sentWord(3, 0xff_ffff)).toBe(-1);
  announcements.announce(2, 'two');
  words[AT + SLOT.SENT] = -1;
  expect(readAll()).toEqual(['two']);
});
