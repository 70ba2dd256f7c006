import { expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import {
  createReactor,
  post,
  postLast,
  reactorOf,
  servePosted,
} from '../../../../src/kernel/sockets/reactor-list.js';

const OWNER = 1;

function made() {
  const kernel = KernelMemory.create(0);
  createReactor(kernel, OWNER);
  const [socket, call] = [kernel.allocate(32, OWNER), kernel.allocate(32, OWNER)];
  const served: string[] = [];
  const serve = (also?: (node: number) => void) =>
    servePosted(kernel, reactorOf(kernel), OWNER, (node, last) => {
      served.push(`${node === call ? 'call' : 'socket'}${last ? ' for the last time' : ''}`);
      also?.(node);
    });
  return { kernel, socket, call, served, serve };
}

it('serves what was posted about a socket before the socket for the last time', () => {
  const { kernel, socket, call, served, serve } = made();
  post(kernel, socket, OWNER);
  post(kernel, call, OWNER);
  // By who has given the call up.
  postLast(kernel, socket, OWNER);
  serve();
  serve();
  expect(served).toEqual(['socket', 'call', 'socket for the last time']);
});

it('does so when the socket is already being served', () => {
  const { kernel, socket, call, served, serve } = made();
  const other = kernel.allocate(32, OWNER);
  post(kernel, other, OWNER);
  post(kernel, socket, OWNER);
  serve((node) => {
    if (node !== other) return;
    post(kernel, call, OWNER);
    postLast(kernel, socket, OWNER);
  });
  serve();
  serve();
  expect(served).toEqual(['socket', 'socket', 'call', 'socket for the last time']);
});

it('serves a socket for the last time once', () => {
  const { kernel, socket, served, serve } = made();
  postLast(kernel, socket, OWNER);
  serve();
  serve();
  expect(served).toEqual(['socket for the last time']);
});
