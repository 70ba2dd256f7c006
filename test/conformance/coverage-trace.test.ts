/** What the coverage script reads out of a trace. */
import { describe, expect, it } from 'vitest';

interface TraceReader {
  take(line: string): string | undefined;
  sights(): Map<string, Set<string>>;
}
const script = new URL('../../scripts/coverage-trace.mjs', import.meta.url).href;
const { TraceReader } = (await import(script)) as {
  TraceReader: new (endsCaller: (call: string) => boolean) => TraceReader;
};

/** What is left of each line, and what was seen. */
function read(...lines: string[]) {
  const reader = new TraceReader((call) => call === 'proc_exit');
  const left = lines.map((line) => reader.take(line));
  const seen = [...reader.sights()].map(([call, sights]) => [call, [...sights].sort()]);
  return { left, seen: Object.fromEntries(seen) as Record<string, string[]> };
}

describe('a trace', () => {
  it('tells of each call what it answered', () => {
    const { left, seen } = read(
      '[tid 1] 0.001000 fd_read(fd=0, iovs=["a) = b"], nread=1) = SUCCESS',
      '[tid 1] 0.002000 fd_read(fd=9) = BADF',
      '[tid 1] 0.003000 thread-spawn(start=0x10) = 2',
      '[tid 1] 0.004000 thread-spawn(start=0x10) = -AGAIN',
      '[pid 3 tid 3] 0.005000 proc_spawn2(name="x") = 2BIG',
      '[tid 1] 0.006000 callback_signal(name="h")',
    );
    expect(left).toEqual(Array(6).fill(undefined));
    expect(seen).toEqual({
      fd_read: ['BADF', 'SUCCESS'],
      'thread-spawn': ['AGAIN', 'SUCCESS'],
      proc_spawn2: ['TOOBIG'],
      callback_signal: ['SUCCESS'],
    });
  });

  it('tells nothing of a call that did not come back, but of one that never does', () => {
    const { seen } = read('[tid 1] 0.001000 fd_read(fd=0) = ?', '[tid 1] 0.002000 proc_exit(code=0) = ?');
    expect(seen).toEqual({ proc_exit: ['SUCCESS'] });
  });

  it('is told from what the program writes, also on one line with it', () => {
    const { left, seen } = read('plain', 'wasix-run: [tid 1] spoke', 'no end[tid 1] 0.1 x()', '');
    expect(left).toEqual(['plain', 'wasix-run: [tid 1] spoke', 'no end[tid 1] 0.1 x()', '']);
    expect(seen).toEqual({});
    expect(read('no end[tid 1] 0.000001 sched_yield() = SUCCESS').left).toEqual(['no end']);
  });
});

describe('a call is made at once', () => {
  const call = (who: string, time: string) => `[${who}] ${time} sched_yield() = SUCCESS`;
  const atOnce = (...lines: string[]) => read(...lines).seen.sched_yield?.includes('AT_ONCE');

  it('by threads whose periods overlap', () => {
    expect(atOnce(call('tid 1', '0.100000'), call('tid 2', '0.200000'), call('tid 1', '0.300000'))).toBe(
      true,
    );
  });

  it('not by one after the other, nor by threads of two processes, nor by one alone', () => {
    expect(atOnce(call('tid 1', '0.100000'), call('tid 1', '0.200000'), call('tid 2', '0.300000'))).toBe(
      false,
    );
    expect(
      atOnce(call('tid 1', '0.100000'), call('pid 3 tid 3', '0.200000'), call('tid 1', '0.300000')),
    ).toBe(false);
    expect(atOnce(call('tid 1', '0.100000'), call('tid 1', '0.200000'))).toBe(false);
  });
});
