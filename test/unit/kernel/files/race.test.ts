import { closeSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { bestHost, outcome, Sandbox } from './sandbox.js';

const SWAPS = 0;
const STOP = 1;

/** What the other thread does over and over; `at` makes host paths. */
const moves = {
  link: `
    fs.symlinkSync('../outside/secret.txt', at('box/next')); fs.renameSync(at('box/next'), at('box/target'));
    fs.writeFileSync(at('box/next'), 'ok'); fs.renameSync(at('box/next'), at('box/target'));`,
  directory: `
    fs.renameSync(at('box/swing'), at('box/put-away')); fs.symlinkSync('../outside', at('box/swing'));
    fs.unlinkSync(at('box/swing')); fs.renameSync(at('box/put-away'), at('box/swing'));`,
  parent: `
    fs.renameSync(at('box/swing/below'), at('outside/below'));
    fs.renameSync(at('outside/below'), at('box/swing/below'));`,
};

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

/** Runs `attempt` for a second while another thread moves things; answers how often it gave what. */
async function during(move: keyof typeof moves, attempt: () => unknown): Promise<Map<unknown, number>> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const code = `
    const fs = require('node:fs'); const { base, state } = require('node:worker_threads').workerData;
    const at = (path) => base + '/' + path;
    while (Atomics.load(state, ${STOP}) === 0) { ${moves[move]} Atomics.add(state, ${SWAPS}, 1); }`;
  const worker = new Worker(code, { eval: true, workerData: { base: sandbox.base, state } });
  const ended = new Promise<number>((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  const counts = new Map<unknown, number>();
  try {
    while (Atomics.load(state, SWAPS) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const end = performance.now() + 1000; performance.now() < end; ) {
      const result = outcome(attempt);
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
  } finally {
    Atomics.store(state, STOP, 1);
    await ended;
  }
  expect(Atomics.load(state, SWAPS), 'the other thread kept moving things').toBeGreaterThan(100);
  return counts;
}

/** The text of a file as the guest reads it. */
function read(path: string): string {
  const { hostFd } = sandbox.files.open(sandbox.root, path, { follow: true, read: true });
  try {
    return readFileSync(hostFd, 'utf8');
  } finally {
    closeSync(hostFd);
  }
}

describe.runIf(bestHost.anchored)('a path resolved while the host changes it', { timeout: 20_000 }, () => {
  const make = () => {
    sandbox = new Sandbox('preopens', bestHost);
    mkdirSync(sandbox.at('box/swing/below'), { recursive: true });
    for (const path of ['box/target', 'box/swing/secret.txt', 'box/swing/below/x'])
      writeFileSync(sandbox.at(path), 'ok');
    return sandbox.openPaths();
  };

  it('never opens or looks at what a swapped last link points to outside', async () => {
    const before = make();
    const { files, root } = sandbox;
    const counts = await during('link', () => `${read('target')} ${files.stat(root, 'target', true).size}`);
    expect([...counts.keys()].sort()).toEqual(['NOTCAPABLE', 'ok 2']);
    expect(sandbox.openPaths()).toEqual(before);
  });

  it('never goes through a directory swapped for a link to the outside', async () => {
    const before = make();
    const counts = await during('directory', () => read('swing/secret.txt'));
    expect(counts.has('ok')).toBe(true);
    // NOTDIR: it was a link when entered and a directory again when read.
    const allowed = ['ok', 'NOTCAPABLE', 'NOENT', 'NOTDIR'];
    expect([...counts.keys()].filter((result) => !allowed.includes(result as string))).toEqual([]);
    expect(counts.size).toBeGreaterThan(1);
    expect(sandbox.openPaths()).toEqual(before);
  });

  it('goes back to where it came from when the directory is moved away before ..', async () => {
    const before = make();
    writeFileSync(sandbox.at('outside/secret.txt'), 'secret');
    const counts = await during('parent', () => read('swing/below/../secret.txt'));
    expect(counts.has('ok')).toBe(true);
    expect([...counts.keys()].filter((result) => result !== 'ok' && result !== 'NOENT')).toEqual([]);
    expect(sandbox.openPaths()).toEqual(before);
  });
});
