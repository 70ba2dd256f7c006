/** Streams larger than their rings, over and over: no byte and no wake-up is lost. */
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { run } from '../../src/index.js';
import { guestPath, runGuest, within } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'streams', maxSize: 16 });
afterAll(() => pool.shutdownJoin(1000));

const { count, timeout } = rounds(4000);
const wide = '日本'.repeat(50_000);
const line = `${'0123456789'.repeat(99)}\n`;

const sources: Readonly<Record<string, () => { readonly stdin: Readable; readonly text: string }>> = {
  'text in wide characters': () => {
    const stdin = new PassThrough({ encoding: 'utf8' });
    stdin.end(wide);
    return { stdin, text: wide };
  },
  'large objects': () => {
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(150_000));
    return { stdin: Readable.from(parts), text: parts.join('') };
  },
  'bytes in small parts': () => {
    const parts = Array.from({ length: 300 }, () => Buffer.from(line));
    return { stdin: Readable.from(parts, { objectMode: false }), text: line.repeat(300) };
  },
};

it.each(Object.keys(sources))(`stdin of %s, ${count * 4} times`, { timeout }, async (name) => {
  await repeat(count * 4, async (number) => {
    const { stdin, text } = sources[name]!();
    const program = ['ends/reader', 'ends/reader-thread', 'programs/cat'][number % 3]!;
    expect((await runGuest(program, { pool, stdin })).stdout === text).toBe(true);
  });
});

it(`stdout into a sink that stalls now and then, ${count * 4} times`, { timeout }, async () => {
  await repeat(count * 4, async () => {
    let bytes = 0;
    const stdout = new Writable({
      highWaterMark: 100,
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes % 3 === 0) setImmediate(done);
        else done();
      },
    });
    await runGuest('ends/output-kept', { pool, args: ['exit', 'child', '400000'], stdout });
    expect(bytes).toBe(400_000);
  });
});

it(`stdout of a thread that traps while another one calls the host's import, ${count * 4} times`, {
  timeout,
}, async () => {
  await repeat(count * 4, async () => {
    let bytes = 0;
    const stdout = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        setTimeout(done, 20);
      },
    });
    const imports = { env: { call: () => undefined } };
    const { reason } = await within(
      15_000,
      pool,
      run(guestPath('ends/import-trap'), { pool, stdout, imports }),
    );
    expect({ reason, bytes }).toEqual({ reason: 'trap', bytes: 40_000 });
  });
});
