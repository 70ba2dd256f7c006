// All rows, in the order of the document.
import { calls, fileIo } from './calls.mjs';
import { compute } from './compute.mjs';
import { manySpawns, parkedWorker } from './memory.mjs';
import { http, idleConnections, tcp } from './network.mjs';
import { epollIdle, pipes } from './pipes.mjs';
import { execChain, fork } from './processes.mjs';
import { hello, helloThreads } from './start-up.mjs';
import { barrier, firstSpawn, pingPong, spawnJoin } from './threads.mjs';

export const rows = [
  ...[spawnJoin, barrier, firstSpawn, hello, helloThreads, calls, fileIo, compute, pingPong],
  ...[parkedWorker, manySpawns, pipes, epollIdle, execChain, fork],
  ...[tcp, http, idleConnections],
];
