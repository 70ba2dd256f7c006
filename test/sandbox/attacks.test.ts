/**
 * For a stated time (`SANDBOX_MS`, some seconds without it) random attempts to get out of a granted directory, while
 * another thread of the host swaps links, directories and parents; not one may succeed.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileTreeConfig } from '../../src/kernel/files/config.js';
import { Moat } from '../oracles/tree.js';
import { resolvers, Sandbox } from '../unit/kernel/files/sandbox.js';
import { Attacker, Canary, randomFrom } from './attempts.js';

const TOTAL_MS = Number(process.env.SANDBOX_MS ?? 4000);
const SEED = Number(process.env.SANDBOX_SEED ?? Date.now() % 1_000_000);
const ROUND_MS = 250;

/** So deep that an attempt which does get out reaches nothing real (oracles/tree.ts). */
let moat: Moat;
const temporary = process.env.TMPDIR;

beforeAll(() => {
  moat = new Moat();
  process.env.TMPDIR = moat.innermost;
});

afterAll(() => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  moat.dispose();
});

/** Moves things about until told to stop. A move that fails because an attempt was faster is made good by the next. */
const mover = `
  const fs = require('node:fs'); const { base, state } = require('node:worker_threads').workerData;
  const at = (path) => base + '/' + path;
  const tries = (...moves) => { for (const move of moves) try { move(); } catch {} };
  while (Atomics.load(state, 1) === 0) {
    tries(
      () => fs.mkdirSync(at('box/swing/below'), { recursive: true }),
      () => fs.symlinkSync('../outside/secret.txt', at('box/next')), () => fs.renameSync(at('box/next'), at('box/target')),
      () => fs.writeFileSync(at('box/next'), 'ok'), () => fs.renameSync(at('box/next'), at('box/target')),
      () => fs.renameSync(at('box/swing'), at('box/put-away')), () => fs.symlinkSync('../outside', at('box/swing')),
      () => fs.unlinkSync(at('box/swing')), () => fs.renameSync(at('box/put-away'), at('box/swing')),
      () => fs.renameSync(at('box/swing/below'), at('outside/below')),
      () => fs.renameSync(at('outside/below'), at('box/swing/below')),
    );
    Atomics.add(state, 0, 1);
  }`;

/** Runs `work` while another thread moves things. */
async function whileMoving(base: string, work: () => void): Promise<void> {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(mover, { eval: true, workerData: { base, state } });
  const ended = new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  try {
    while (Atomics.load(state, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    work();
  } finally {
    Atomics.store(state, 1, 1);
    await ended;
  }
}

/** How much of the granted directories is open; the scratch space is opened when it is first needed. */
function openIn(sandbox: Sandbox): number {
  if (process.platform !== 'linux') return 0;
  return sandbox.openPaths().filter((path) => path.startsWith(sandbox.base)).length;
}

interface Round {
  readonly view: FileTreeConfig['view'];
  readonly host: (typeof resolvers)[number]['host'];
  readonly moving: boolean;
  readonly seed: number;
}

/** A fresh tree, attacked for a while: how many attempts, and what they reached. */
async function attack({ view, host, moving, seed }: Round): Promise<{ attempts: number; reached: string[] }> {
  const sandbox = new Sandbox(view, host);
  const reached: string[] = [];
  let attempts = 0;
  try {
    mkdirSync(sandbox.at('box/swing/below'), { recursive: true });
    for (const path of ['box/target', 'box/swing/secret.txt', 'box/swing/below/x'])
      writeFileSync(sandbox.at(path), 'ok');
    const canary = new Canary(sandbox);
    const attacker = new Attacker(sandbox, canary, randomFrom(seed));
    const before = openIn(sandbox);
    const work = () => {
      for (const end = performance.now() + ROUND_MS; performance.now() < end; attempts++) {
        const result = attacker.attempt();
        if (result !== undefined) reached.push(result);
      }
    };
    if (moving) await whileMoving(sandbox.base, work);
    else work();
    reached.push(...canary.changes(readdirSync(sandbox.at('outside'))));
    expect(openIn(sandbox), 'open descriptors').toBe(before);
    return { attempts, reached };
  } finally {
    sandbox.dispose();
  }
}

const rounds = Math.max(1, Math.round(TOTAL_MS / ROUND_MS / 6));
const timeout = 20_000 + 6 * TOTAL_MS;

describe.each(['preopens', 'tree'] as const)('attempts to get out, view %s', (view) => {
  it.each(resolvers)(
    `never succeed at rest, directories held $resolver (seed ${SEED})`,
    { timeout },
    async ({ host }) => {
      for (let round = 0; round < rounds; round++) {
        const { attempts, reached } = await attack({ view, host, moving: false, seed: SEED + round });
        expect(reached).toEqual([]);
        expect(attempts).toBeGreaterThan(10);
      }
    },
  );

  // By path they can, and SECURITY.md says so.
  it.runIf(resolvers[0].host.anchored)(
    `never succeed against moves of the host (seed ${SEED})`,
    { timeout },
    async () => {
      const [{ host }] = resolvers;
      for (let round = 0; round < rounds; round++) {
        const { attempts, reached } = await attack({ view, host, moving: true, seed: SEED + 1000 + round });
        expect(reached).toEqual([]);
        expect(attempts).toBeGreaterThan(10);
      }
    },
  );
});
