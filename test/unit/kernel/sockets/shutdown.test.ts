/** Sending on a connection that another thread shuts down at the same time. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { SdFlags } from '../../../../src/abi/flags.js';
import { AddressFamily, SocketType } from '../../../../src/abi/socket.js';
import { IoVectors } from '../../../../src/kernel/io-vectors.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../../../src/kernel/memory/lock.js';
import { available, PIPE } from '../../../../src/kernel/pipes/pipe.js';
import { Mode } from '../../../../src/kernel/pipes/transfer.js';
import { createReactor, reactorOf, servePosted } from '../../../../src/kernel/sockets/reactor-list.js';
import { isFinished, makeRings, outgoingRing } from '../../../../src/kernel/sockets/rings.js';
import { shutDownSocket } from '../../../../src/kernel/sockets/shutdown.js';
import { openSocket, SOCKET, SocketState, socketOf } from '../../../../src/kernel/sockets/socket.js';
import { send } from '../../../../src/kernel/sockets/transfer.js';
import type { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';
import { addProcess, addThread, kernelRun } from '../processes/kernel-run.js';

let kernel: KernelMemory;
let sender: GuestThread;
let other: GuestThread;
let socket: number;

const BYTES = 5;

/** Sends BYTES bytes without waiting; answers how many went, or the errno negative. */
function sendSome(): number {
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  Object.assign(sender, { memory });
  memory.setU32(0, 64);
  memory.setU32(4, BYTES);
  const vectors = new IoVectors(memory).load(0, 1);
  try {
    return send(sender, socket, vectors, { mode: Mode.NONBLOCK, deadline: 0, late: Errno.TIMEDOUT });
  } catch (error) {
    return -(error as { errno: number }).errno;
  }
}

/** What the reactor finds when it looks at the socket: bytes, and whether no more will come. */
function reactorSees(): { bytes: number; last: boolean }[] {
  const seen: { bytes: number; last: boolean }[] = [];
  servePosted(kernel, reactorOf(kernel), REACTOR_OWNER, () => {
    const ring = outgoingRing(socket);
    const last = isFinished(kernel, ring);
    seen.push({ bytes: available(kernel, ring), last });
  });
  return seen;
}

beforeEach(() => {
  kernel = kernelRun();
  const process = addProcess(kernel);
  [sender, other] = [addThread(kernel, process), addThread(kernel, process, 77)];
  const init = { family: AddressFamily.INET4, type: SocketType.STREAM, protocol: 0, flags: 0 };
  socket = socketOf(kernel, openSocket(kernel, init, sender.owner));
  makeRings(kernel, socket, sender.owner);
  createReactor(kernel, sender.owner);
  Atomics.store(kernel.words, socket + SOCKET.STATE, SocketState.STREAM);
});

afterEach(() => {
  vi.restoreAllMocks();
});

test('what is sent first is there for the reactor when it hears of the end', () => {
  expect(sendSome()).toBe(BYTES);
  shutDownSocket(other, socket, SdFlags.WR);
  expect(reactorSees()).toEqual([{ bytes: BYTES, last: true }]);
  expect(sendSome()).toBe(-Errno.PIPE);
});

test('what comes after the end is not taken, though the sender had begun before', () => {
  const exchange = Atomics.compareExchange as (...args: unknown[]) => never;
  const seen: unknown[] = [];
  const word = outgoingRing(socket) + PIPE.WRITE_LOCK;
  let shut = false;
  vi.spyOn(Atomics, 'compareExchange').mockImplementation((...args) => {
    if (args[1] === word && !shut) {
      shut = true;
      shutDownSocket(other, socket, SdFlags.WR);
      seen.push(...reactorSees());
    }
    return exchange(...args);
  });
  expect(sendSome()).toBe(-Errno.PIPE);
  expect(seen).toEqual([{ bytes: 0, last: true }]);
  expect(available(kernel, outgoingRing(socket))).toBe(0);
});

test('nothing is sent on a connection that is shut down, not even no bytes', () => {
  const empty = { total: 0, count: 0 } as unknown as IoVectors;
  const waiting = { mode: 0, deadline: 0, late: Errno.TIMEDOUT };
  expect(send(sender, socket, empty, waiting)).toBe(0);
  shutDownSocket(other, socket, SdFlags.WR);
  expect(() => send(sender, socket, empty, waiting)).toThrow(expect.objectContaining({ errno: Errno.PIPE }));
});
