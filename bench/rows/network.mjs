// Connections: bytes and round trips between two guests, requests to a guest, memory of connections that rest.
import { availableParallelism } from 'node:os';
import { figure, ratio, told } from '../lib/checks.mjs';

const toNode = (text, name, figureName, most) =>
  ratio(`${text}, to two of node:net`, [name, figureName], ['node:net', figureName], most);

export const tcp = {
  id: 'tcp',
  title:
    'TCP on loopback between two processes: 256 MiB in sends of 64 KiB (quick mode: 64), and 64 bytes there and back',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, oursBy, guest }, quick) => {
    const numbers = { rounds: quick ? 10_000 : 20_000, mebibytes: quick ? 64 : 256, batches: 3 };
    const between = (...ends) => oursBy('node-net.mjs', { module: guest('tcp-pair'), ends, ...numbers });
    return {
      'wasix-run': between('guest', 'guest'),
      'node:net': between('node', 'node'),
      'wasix-run, both ends in one run': ours('tcp-pair', ['both', 0, ...Object.values(numbers)], {
        net: { connect: ['loopback'], listen: ['loopback'] },
      }),
    };
  },
  show: ['transfer_ns', 'round_trip_ns'],
  checks: [
    // 0.7 times the throughput is 1 / 0.7 times the time.
    toNode('many bytes', 'wasix-run', 'transfer_ns', 1.43),
    // In each direction the bytes pass two threads, the reactor and the guest's, where Node's pass one.
    toNode('64 bytes there and back', 'wasix-run', 'round_trip_ns', 2),
    told(
      'many bytes in one run, to two of node:net',
      ['wasix-run, both ends in one run', 'transfer_ns'],
      ['node:net', 'transfer_ns'],
    ),
    told(
      '64 bytes in one run, to two of node:net',
      ['wasix-run, both ends in one run', 'round_trip_ns'],
      ['node:net', 'round_trip_ns'],
    ),
  ],
};

export const http = {
  id: 'http',
  title: 'An HTTP server that says hello, 64 connections (time for each request)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ oursBy, guest }, quick) => {
    const load = { connections: 64, requests: quick ? 6400 : 32_000, batches: 3 };
    return {
      'wasix-run': oursBy('node-http.mjs', {
        end: 'guest',
        module: guest('http-hello'),
        threads: availableParallelism(),
        ...load,
      }),
      'node:http': oursBy('node-http.mjs', { end: 'node', ...load }),
    };
  },
  show: ['request_ns'],
  checks: [
    // Half the requests in a second is twice the time.
    ratio('a request, to node:http', ['wasix-run', 'request_ns'], ['node:http', 'request_ns'], 2),
  ],
};

export const idleConnections = {
  id: 'idle-connections',
  title: 'Memory of 1,000 connections that rest after 64 bytes each way (for each)',
  rounds: { quick: 1, full: 5 },
  contenders: ({ oursBy, guest }) => {
    const counts = { first: 100, more: 1000 };
    return {
      'wasix-run': oursBy('node-net-idle.mjs', { module: guest('tcp-idle'), ...counts }),
      'node:net': oursBy('node-net-idle.mjs', counts),
    };
  },
  show: ['connection_bytes'],
  checks: [figure('a connection', ['wasix-run', 'connection_bytes'], 102_400)],
};
