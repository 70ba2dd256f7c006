/** Connecting to an address that does not answer: a listener whose queue is full, in a process that accepts nobody. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { LOOPBACK } from './guest-peer.js';

/** Listens, says on which port, and then does nothing more. */
const silentListener = `
  const { writeSync } = require('node:fs');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** Linux holds one connection more than the backlog says and lets what comes then wait for an answer. */
const HELD = 2;

async function startSilent(): Promise<{ process: ChildProcess; port: number; held: Socket[] }> {
  const child = spawn(process.execPath, ['-e', silentListener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(text.toString());
  const held: Socket[] = [];
  for (let i = 0; i < HELD; i++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    held.push(socket);
    await once(socket, 'connect');
  }
  return { process: child, port, held };
}

describe.runIf(process.platform === 'linux')('an address that does not answer', () => {
  it('is given up after CONNECT_TIMEOUT, with TIMEDOUT', { timeout: 20_000 }, async () => {
    const silent = await startSilent();
    try {
      const { stdout, exitCode } = await runGuest('wasix/sock-silent', {
        args: [String(silent.port)],
        net: LOOPBACK,
      });
      expect(exitCode, stdout).toBe(0);
    } finally {
      for (const socket of silent.held) socket.destroy();
      silent.process.kill('SIGKILL');
    }
  });
});
