/** Guests and programs that were not made for these tests: curl, nc, Node's HTTP. Those that are not installed are skipped. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { type GuestPeer, LOOPBACK, serve, startPeer } from './guest-peer.js';

const run = promisify(execFile);

function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let peer: GuestPeer | undefined;
afterEach(async () => {
  peer?.process.kill();
  await peer?.process.wait();
  peer = undefined;
});

async function startServer(): Promise<number> {
  peer = startPeer(['http', '2'], {}, 'wasix/sock-load');
  return peer.port();
}

describe('guests and real peers', { timeout: 30_000 }, () => {
  it.skipIf(!isInstalled('curl'))('curl gets pages, one connection for all (needs curl)', async () => {
    const port = await startServer();
    const urls = Array.from({ length: 20 }, (_, i) => `http://127.0.0.1:${port}/${i}`);
    const { stdout } = await run('curl', ['-sS', '--noproxy', '*', '-w', '|%{num_connects}\n', ...urls]);
    const lines = stdout.trim().split('\n');
    expect(lines).toEqual(['hello, network|1', ...Array<string>(19).fill('hello, network|0')]);
  });

  it.skipIf(!isInstalled('nc'))('nc sends what it reads and prints the answer (needs nc)', async () => {
    const port = await startServer();
    const nc = spawn('nc', ['127.0.0.1', String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    nc.stdin.end('GET / HTTP/1.1\r\n\r\n');
    expect(await text(nc.stdout)).toMatch(/hello, network$/);
  });

  it("Node's HTTP client asks over connections of its pool", async () => {
    const port = await startServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port, path, agent }, (response) => resolve(text(response))).on(
          'error',
          reject,
        );
      });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(`/${i}`)));
    expect(new Set(answers)).toEqual(new Set(['hello, network']));
    agent.destroy();
  });

  it("a guest asks Node's HTTP server 500 times over one connection", async () => {
    let connections = 0;
    const server = createServer((_request, response) => {
      response.setHeader('Content-Length', 5).end('hello');
    }).on('connection', () => connections++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { stdout } = await runGuest('wasix/sock-load', { args: ['get', `${port}`, '500'], net: LOOPBACK });
    expect({ stdout, connections }).toEqual({ stdout: 'hello after 500\n', connections: 1 });
    server.close();
  });

  it('a guest sends 8 MiB to a server that echoes them', async () => {
    const { server, port } = await serve((socket) => socket.pipe(socket));
    peer = startPeer(['upload', port, String(8 * 1024)]);
    expect(await peer.line()).toBe(`came back ${8 * 2 ** 20}, then 0`);
    server.close();
  });
});
