// Memory of idle connections: node node-net-idle.mjs '{"dist":…,"module":…,"first":100,"more":1000}' runs the server of
// guests/tcp-idle.c, without "module" one of Node's, in this process; the other ends are in a process of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { library, residentBytes, runWithMarks, say, settle } from './observe.mjs';

const SMALL = 64;

/** The other ends: opens `count` connections, one after the other, and sends and receives once over each. */
async function hold(port, count) {
  const { connect } = await import('node:net');
  for (let i = 0; i < count; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.write(Buffer.alloc(SMALL));
    await once(socket, 'data');
  }
  process.stdin.resume();
}

const startClients = (port, count) =>
  spawn(process.execPath, [fileURLToPath(import.meta.url), 'hold', String(port), String(count)], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });

/** Node's own: what a connection costs there. */
async function measureNode({ first, more }, look) {
  const sockets = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => socket.write(bytes));
  }).listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  for (const count of [first, first + more]) {
    startClients(server.address().port, count - sockets.length);
    while (sockets.length < count) await once(server, 'connection');
    await settle();
    look(count);
  }
}

async function measureGuest({ dist, module, first, more }, look) {
  const api = await library(dist);
  const options = { args: [String(first), String(more)], net: { listen: ['loopback'] } };
  const said = (line) => {
    const port = Number(/^port (\d+)$/.exec(line)?.[1]);
    startClients(port, first + more);
  };
  await runWithMarks(api, module, options, look, said);
}

const [what, ...words] = process.argv.slice(2);
if (what === 'hold') await hold(...words.map(Number));
else {
  const job = JSON.parse(what);
  const resident = new Map();
  const look = (count) => resident.set(count, residentBytes());
  await (job.module ? measureGuest(job, look) : measureNode(job, look));
  const { first, more } = job;
  say('connection_bytes', Math.round((resident.get(first + more) - resident.get(first)) / more));
  process.exit(0);
}
