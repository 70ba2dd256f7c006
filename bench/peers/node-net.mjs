// Connections between two processes: node node-net.mjs '{"dist":…,"module":…,"ends":["guest","node"],…}' starts a server
// and a client, each a guest (wasix-run.mjs) or this script, and prints the client's figures. What they do is in
// guests/tcp-pair.c. By itself: node node-net.mjs server|client PORT ROUNDS MEBIBYTES BATCHES
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { say } from './observe.mjs';

const SMALL = 64;
const LARGE = 65_536;

/** Resolves when `count` bytes have come since the last call, with the last chunk of them. */
function receiver(socket) {
  let there = 0;
  let wanted = 0;
  let chunk;
  let tell;
  socket.on('data', (bytes) => {
    there += bytes.length;
    chunk = bytes;
    if (wanted === 0 || there < wanted) return;
    there -= wanted;
    wanted = 0;
    tell(chunk);
  });
  return (count) =>
    new Promise((resolve) => {
      if (there >= count) {
        there -= count;
        return resolve(chunk);
      }
      wanted = count;
      tell = resolve;
    });
}

const roles = {
  async server(_port, rounds, mebibytes, batches) {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    say('port', server.address().port);
    const [socket] = await once(server, 'connection');
    server.close();
    let left = rounds + Math.floor(rounds / 10);
    await new Promise((resolve) => {
      socket.on('data', function echo(bytes) {
        socket.write(bytes);
        if (--left > 0) return;
        socket.off('data', echo);
        resolve();
      });
    });
    const received = receiver(socket);
    for (let i = 0; i <= batches; i++) {
      await received(mebibytes << 20);
      socket.write(Buffer.alloc(1));
    }
    socket.end();
  },

  async client(port, rounds, mebibytes, batches) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    await roundTrips(socket, Math.floor(rounds / 10));
    const from = process.hrtime.bigint();
    await roundTrips(socket, rounds);
    say('round_trip_ns', Math.round(Number(process.hrtime.bigint() - from) / rounds));
    const received = receiver(socket);
    const block = Buffer.alloc(LARGE);
    for (let i = 0; i <= batches; i++) {
      const start = process.hrtime.bigint();
      for (let n = 0; n < mebibytes << 4; n++) if (!socket.write(block)) await once(socket, 'drain');
      await received(1);
      if (i > 0) say('transfer_ns', process.hrtime.bigint() - start);
    }
    socket.end();
  },
};

/** By callbacks, as a program would do it for which the time of a round trip matters. */
function roundTrips(socket, rounds) {
  const block = Buffer.alloc(SMALL);
  return new Promise((resolve) => {
    let left = rounds;
    socket.on('data', function answered() {
      if (--left > 0) return void socket.write(block);
      socket.off('data', answered);
      resolve();
    });
    socket.write(block);
  });
}

const self = fileURLToPath(import.meta.url);

function start(end, { dist, module }, args) {
  const words = args.map(String);
  const options = { net: { connect: ['loopback'], listen: ['loopback'] }, stdout: 'inherit' };
  const script =
    end === 'node'
      ? [self, ...words]
      : [
          fileURLToPath(new URL('wasix-run.mjs', import.meta.url)),
          JSON.stringify({ dist, module, args: words, options }),
        ];
  return spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function pair(job) {
  const [serving, asking] = job.ends;
  const numbers = [job.rounds, job.mebibytes, job.batches];
  const server = start(serving, job, ['server', 0, ...numbers]);
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const client = start(asking, job, ['client', Number(line.slice('port '.length)), ...numbers]);
  client.stdout.on('data', (bytes) => writeSync(1, bytes));
  const over = await Promise.all([once(client, 'exit'), once(server, 'exit')]);
  if (over.some(([code]) => code !== 0)) throw new Error(`exit ${over}`);
}

const [what, ...numbers] = process.argv.slice(2);
if (what in roles) await roles[what](...numbers.map(Number));
else await pair(JSON.parse(what));
