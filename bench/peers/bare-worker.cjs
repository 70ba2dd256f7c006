// The worker of the bare peers: plain JavaScript over a SharedArrayBuffer, no WebAssembly, no runtime.
//   words 0 ready   1 running   2 turn   3 gate   4 arrived   8 + 2i task of worker i   9 + 2i done of worker i
const { parentPort, workerData } = require('node:worker_threads');

const { words, index, role, rounds } = workerData;
/** When the last worker of a burst began, nanoseconds. */
const times = new BigUint64Array(words.buffer, words.byteLength - 8, 1);

function serve() {
  const task = 8 + 2 * index;
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
  for (let seen = 0; ; ) {
    Atomics.wait(words, task, seen);
    if (Atomics.load(words, task) === seen) continue;
    seen = Atomics.load(words, task);
    if (seen < 0) return;
    const running = Atomics.add(words, 1, 1) + 1;
    if (words[5] > 0) {
      if (running === words[5] - 1) times[0] = process.hrtime.bigint();
      meet();
    }
    Atomics.store(words, task + 1, seen);
    Atomics.notify(words, task + 1);
  }
}

/** A barrier of words[5] parties. */
function meet() {
  const generation = Atomics.load(words, 3);
  if (Atomics.add(words, 4, 1) + 1 === words[5]) {
    Atomics.store(words, 4, 0);
    Atomics.add(words, 3, 1);
    Atomics.notify(words, 3);
    return;
  }
  while (Atomics.load(words, 3) === generation) Atomics.wait(words, 3, generation);
}

function side(me, count) {
  for (let i = 0; i < count; i++) {
    while (Atomics.load(words, 2) === 1 - me) Atomics.wait(words, 2, 1 - me);
    Atomics.store(words, 2, 1 - me);
    Atomics.notify(words, 2, 1);
  }
}

const started = process.hrtime.bigint();
if (role === 'serve') serve();
else if (role === 'park') {
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
  Atomics.wait(words, 3, 0);
} else if (role === 'pong') side(1, rounds + rounds / 10);
else if (role === 'ping') {
  side(0, rounds / 10);
  const from = process.hrtime.bigint();
  side(0, rounds);
  parentPort.postMessage((process.hrtime.bigint() - from) / BigInt(rounds));
} else if (role === 'hello') parentPort.postMessage(started);
else if (role === 'spawn-join') {
  const { count, batches } = workerData;
  const batch = () => {
    const from = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
      const number = Atomics.add(words, 8, 1) + 1;
      Atomics.notify(words, 8);
      while (Atomics.load(words, 9) !== number) Atomics.wait(words, 9, number - 1);
    }
    return (process.hrtime.bigint() - from) / BigInt(count);
  };
  parentPort.postMessage(Array.from({ length: batches + 1 }, batch));
} else if (role === 'barrier') {
  const { count, batches } = workerData;
  words[5] = count + 1;
  const batch = () => {
    Atomics.store(words, 1, 0);
    const from = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
      Atomics.add(words, 8 + 2 * i, 1);
      Atomics.notify(words, 8 + 2 * i);
    }
    meet();
    const resumed = process.hrtime.bigint() - from;
    for (let i = 0; i < count; i++) {
      for (let done = words[9 + 2 * i]; done !== words[8 + 2 * i]; done = Atomics.load(words, 9 + 2 * i))
        Atomics.wait(words, 9 + 2 * i, done);
    }
    return { running: times[0] - from, resumed };
  };
  parentPort.postMessage(Array.from({ length: batches + 1 }, batch));
}
