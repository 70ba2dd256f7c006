import { expect, test } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { HEADER, KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../../../src/kernel/memory/lock.js';
import { familyOf } from '../../../../src/kernel/sockets/address.js';
import { formatIp, parseIp } from '../../../../src/kernel/sockets/ip-text.js';
import { answerCall, CALL } from '../../../../src/kernel/sockets/reactor-call.js';
import { reactorOf, servePosted } from '../../../../src/kernel/sockets/reactor-list.js';
import { answerAddresses, askedName, askForName } from '../../../../src/kernel/sockets/resolve.js';
import { GuestThread, LEAVE, type ProcessView } from '../../../../src/kernel/threads/guest-thread.js';
import { THREAD } from '../../../../src/kernel/threads/thread-words.js';

/** Looked at before each wait: here the test does what the reactor or the end of the process would do meanwhile. */
function makeThread(whileItWaits: (kernel: KernelMemory) => boolean): GuestThread {
  const kernel = KernelMemory.create(0);
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  const link = { post: () => undefined };
  const thread = new GuestThread({ kernel, memory, process: 0, link } as unknown as ProcessView);
  thread.owner = 1;
  thread.record = kernel.allocate(THREAD.WORDS, thread.owner);
  Object.defineProperty(thread, 'ending', { get: () => whileItWaits(kernel) });
  return thread;
}

const found = ['192.0.2.1', '2001:db8::1', '192.0.2.2'].map((text) => parseIp(text)!);

/** Answers all calls that wait; answers the names that they were about. */
function answerAll(kernel: KernelMemory, result: Errno): string[] {
  const names: string[] = [];
  servePosted(kernel, reactorOf(kernel), REACTOR_OWNER, (call) => {
    names.push(askedName(kernel, call + CALL.WORDS));
    const addresses = found.map((octets) => ({ family: familyOf(octets), port: 0, octets }));
    answerAddresses(kernel, call + CALL.WORDS, addresses);
    answerCall(kernel, call, result, REACTOR_OWNER);
  });
  return names;
}

test('a name goes to the reactor and as many addresses as there is room for come back', () => {
  const asked: string[] = [];
  const thread = makeThread((kernel) => {
    asked.push(...answerAll(kernel, Errno.SUCCESS));
    return false;
  });
  const name = 'a-name-of-39-letters.in.a.domain.example';
  const answers = [0, 2, 3, 5000].map((capacity) => {
    const answer = askForName(thread, name, capacity);
    if (typeof answer === 'number') throw new Error(`errno ${answer}`);
    return { count: answer.count, addresses: answer.addresses.map(({ octets }) => formatIp(octets)) };
  });
  const all = found.map(formatIp);
  expect(answers).toEqual([0, 2, 3, 3].map((room) => ({ count: 3, addresses: all.slice(0, room) })));
  expect(asked).toEqual([name, name, name, name]);
});

test('an errno comes back as it is', () => {
  const thread = makeThread((kernel) => {
    answerAll(kernel, Errno.ACCES);
    return false;
  });
  expect(askForName(thread, 'a.test', 4)).toBe(Errno.ACCES);
});

test('nothing is left of calls, neither of answered ones nor of those whose thread was ended meanwhile', () => {
  let ends = false;
  const thread = makeThread((kernel) => {
    if (!ends) answerAll(kernel, Errno.SUCCESS);
    return ends;
  });
  const round = () => {
    ends = false;
    askForName(thread, 'a.test', 40);
    ends = true;
    expect(() => askForName(thread, 'b.test', 40)).toThrow(expect.objectContaining(LEAVE));
    expect(answerAll(thread.kernel, Errno.SUCCESS)).toEqual(['b.test']);
  };
  round();
  const used = thread.kernel.words[HEADER.BREAK];
  for (let i = 0; i < 100; i++) round();
  expect(thread.kernel.words[HEADER.BREAK]).toBe(used);
});
