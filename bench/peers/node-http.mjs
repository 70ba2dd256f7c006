// Requests to a server that says hello: node node-http.mjs '{"dist":…,"module":…,"end":"guest",…}' starts the server, a
// guest (wasix-run.mjs with guests/http-hello.wasm) or this script, and a load generator, which prints the time for each
// request. By itself: node node-http.mjs server, or load PORT CONNECTIONS REQUESTS BATCHES
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { say } from './observe.mjs';

const request = Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n');

const roles = {
  async server() {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 5 });
      response.end('hello');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    say('port', server.address().port);
  },

  async load(port, connections, requests, batches) {
    const lanes = await Promise.all(Array.from({ length: connections }, () => openLane(port)));
    for (let i = 0; i <= batches; i++) {
      const from = process.hrtime.bigint();
      const each = Math.ceil(requests / connections);
      await Promise.all(lanes.map((lane) => lane(each)));
      const time = Number(process.hrtime.bigint() - from);
      if (i > 0) say('request_ns', Math.round(time / (each * connections)));
    }
    process.exit(0);
  },
};

/** Opens a connection; answers a function that makes `count` requests over it, one after the other. */
async function openLane(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let left = 0;
  let tell;
  // All answers are as long as the first.
  let length = 0;
  let there = 0;
  socket.on('data', (bytes) => {
    if (length === 0) length = lengthOf(bytes);
    there += bytes.length;
    if (there < length) return;
    if (there > length) throw new Error('more than was asked for');
    there = 0;
    if (--left > 0) socket.write(request);
    else tell();
  });
  socket.on('close', () => {
    throw new Error('the server has closed a connection');
  });
  return (count) =>
    new Promise((resolve) => {
      left = count;
      tell = resolve;
      socket.write(request);
    });
}

function lengthOf(answer) {
  const text = answer.toString('latin1');
  const head = text.indexOf('\r\n\r\n') + 4;
  const body = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1]);
  if (head < 4 || head + body !== text.length) throw new Error(`not one whole answer: ${text}`);
  return text.length;
}

const self = fileURLToPath(import.meta.url);

function startServer({ end, dist, module, threads }) {
  const options = { net: { listen: ['loopback'] }, stdout: 'inherit' };
  const script =
    end === 'node'
      ? [self, 'server']
      : [
          fileURLToPath(new URL('wasix-run.mjs', import.meta.url)),
          JSON.stringify({ dist, module, args: [String(threads)], options }),
        ];
  return spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function measure(job) {
  const server = startServer(job);
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const words = ['load', Number(line.slice('port '.length)), job.connections, job.requests, job.batches];
  const load = spawn(process.execPath, [self, ...words.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  load.stdout.on('data', (bytes) => writeSync(1, bytes));
  const [code] = await once(load, 'exit');
  server.kill('SIGKILL');
  if (code !== 0) throw new Error(`exit ${code}`);
}

const [what, ...numbers] = process.argv.slice(2);
if (what in roles) await roles[what](...numbers.map(Number));
else await measure(JSON.parse(what));
