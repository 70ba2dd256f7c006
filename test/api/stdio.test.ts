/** Standard streams of the API: what goes in arrives, what comes out is complete and in order. */
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';

const TIMEOUT = 20_000;
const readers = ['ends/reader', 'ends/reader-thread', 'programs/cat'];

async function* slowly(parts: readonly string[]): AsyncGenerator<string> {
  for (const part of parts) {
    await pause(20);
    yield part;
  }
}

describe.each(readers)('stdin of %s', { timeout: TIMEOUT }, (name) => {
  it('ignore is the end of file at once, and so is no setting', async () => {
    expect((await runGuest(name, { stdin: 'ignore' })).stdout).toBe('');
    expect((await runGuest(name)).stdout).toBe('');
  });

  it('text and bytes', async () => {
    expect((await runGuest(name, { stdin: { text: 'naïve 日本\n' } })).stdout).toBe('naïve 日本\n');
    const { stdout } = await runGuest(name, { stdin: Buffer.from([0, 255, 10]), stdout: 'buffer' });
    expect([...(stdout as unknown as Buffer)]).toEqual([0, 255, 10]);
  });

  it('a stream that brings its bytes slowly', async () => {
    const stdin = Readable.from(slowly(['one\n', 'two\n', 'three']), { objectMode: false });
    expect((await runGuest(name, { stdin })).stdout).toBe('one\ntwo\nthree');
  });

  it('more than any buffer on the way holds', async () => {
    const text = `${'0123456789'.repeat(99)}\n`.repeat(600);
    expect((await runGuest(name, { stdin: { text } })).stdout === text).toBe(true);
  });

  it('a stream of objects, each larger than any buffer on the way', async () => {
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
    expect((await runGuest(name, { stdin: Readable.from(parts) })).stdout === parts.join('')).toBe(true);
  });

  it('a stream of values that are no bytes fails, and the guest gets an error', async () => {
    const stdin = Readable.from(['begin', 1, 'end']);
    const failed = once(stdin, 'error');
    expect((await runGuest(name, { stdin })).exitCode).not.toBe(0);
    expect(await failed).toEqual([expect.objectContaining({ message: expect.stringContaining('number') })]);
  });

  it('a stream of text with wide characters', async () => {
    const text = '日本'.repeat(50_000);
    const stdin = new PassThrough({ encoding: 'utf8' });
    stdin.end(text);
    expect((await runGuest(name, { stdin })).stdout === text).toBe(true);
  });

  it('a stream that fails gives the guest an error, not an end of file', async () => {
    const stdin = new Readable({ read: () => undefined });
    const stdout = new PassThrough();
    const result = runGuest(name, { stdin, stdout });
    stdin.push('begin');
    // cat holds back what it has until its end.
    if (name === 'programs/cat') await pause(500);
    else await once(stdout, 'readable');
    stdin.destroy(new Error('on purpose'));
    expect((await result).exitCode).not.toBe(0);
  });

  it('a stream that failed before the guest looked does so too', async () => {
    const stdin = new Readable({ read: () => undefined });
    const result = runGuest(name, { stdin });
    stdin.destroy(new Error('on purpose'));
    expect((await result).exitCode).not.toBe(0);
  });
});

it('what a program leaves unread stays in the stream for the next', { timeout: TIMEOUT }, async () => {
  const stdin = new PassThrough();
  stdin.write('for nobody');
  await runGuest('programs/hello', { stdin });
  stdin.end();
  expect((await runGuest('programs/cat', { stdin })).stdout).toBe('for nobody');
});

describe('stdout', { timeout: TIMEOUT }, () => {
  it('as string, as buffer, or nowhere', async () => {
    expect((await runGuest('programs/hello')).stdout).toBe('hello, world!\n');
    const { stdout } = await runGuest('programs/hello', { stdout: 'buffer' });
    expect(Buffer.isBuffer(stdout)).toBe(true);
    expect(String(stdout)).toBe('hello, world!\n');
    expect((await runGuest('programs/hello', { stdout: 'ignore' })).stdout).toBeUndefined();
  });

  it('characters that lie across two chunks come out whole', async () => {
    const text = '日本'.repeat(60_000);
    expect((await runGuest('programs/cat', { stdin: { text } })).stdout === text).toBe(true);
  });

  it('into a stream, which is not ended', async () => {
    const sink = new PassThrough();
    await runGuest('programs/hello', { stdout: sink });
    await runGuest('programs/hello', { stdout: sink });
    expect(sink.writableEnded).toBe(false);
    sink.end();
    expect(await text(sink)).toBe('hello, world!\nhello, world!\n');
  });

  it('into a stream that was listened to leaves no listener there', async () => {
    const sink = new PassThrough();
    const count = () => sink.eventNames().reduce((sum, name) => sum + sink.listenerCount(name), 0);
    const before = count();
    await runGuest('programs/hello', { stdout: sink });
    expect(count()).toBe(before);
  });

  it('nor when the last write is over only after the run, as it was killed', async () => {
    let complete: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      complete = resolve;
    });
    let finish: (error?: Error) => void = () => undefined;
    const sink = new Writable({
      write(_chunk, _encoding, done) {
        finish = done;
        complete();
      },
    });
    const abort = new AbortController();
    const result = runGuest('programs/yes', { stdout: sink, signal: abort.signal });
    await begun;
    abort.abort();
    await result;
    expect(sink.listenerCount('error')).toBe(1);
    finish();
    await pause(10);
    expect(sink.listenerCount('error')).toBe(0);
  });

  it('into a slow stream it is complete, and only a bounded part waits in memory', async () => {
    let bytes = 0;
    let most = 0;
    const sink: Writable = new Writable({
      highWaterMark: 1024,
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        most = Math.max(most, sink.writableLength);
        setTimeout(done, 5);
      },
    });
    await runGuest('programs/yes', { args: ['0123456789', '200000'], stdout: sink });
    expect(bytes).toBe(200_000 * 11);
    expect(most).toBeLessThanOrEqual(65_536);
  });

  it.each(['exit', 'trap', 'return'])('is complete when a child writes and then comes: %s', async (how) => {
    const { stdout } = await runGuest('ends/output-kept', { args: [how, 'child', '3000000'] });
    expect(stdout.length).toBe(3_000_000);
  });
});

describe('a reader that goes away', { timeout: TIMEOUT }, () => {
  const writers = ['programs/yes', 'ends/writer', 'ends/writer-thread'];

  it.each(writers)('ends %s by SIGPIPE', async (name) => {
    let bytes = 0;
    const sink: Writable = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > 10_000) sink.destroy();
        done();
      },
    });
    const end = await runGuest(name, { stdout: sink });
    expect(end).toMatchObject({ reason: 'signal', signal: 'SIGPIPE', exitCode: 141 });
  });

  it('that is gone before the start does so too', async () => {
    const sink = new PassThrough();
    sink.destroy();
    expect(await runGuest('programs/yes', { stdout: sink })).toMatchObject({ signal: 'SIGPIPE' });
  });

  it('with an error gives the guest that error', async () => {
    const sink = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const { exitCode, stderr } = await runGuest('ends/writer', { stdout: sink });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: 'fd_write: 51\n' });
  });
});
