import { expect, it } from 'vitest';
import { traceSink } from '../../../src/runtime/host/trace-sink.js';

it('a trace function gets whole lines and whole characters, however the bytes are cut', () => {
  const lines: string[] = [];
  const { sink } = traceSink((line) => lines.push(line));
  const bytes = Buffer.from('path="日本"\n[tid 2] é\n');
  for (const byte of bytes) sink().write(Buffer.of(byte));
  expect(lines).toEqual(['path="日本"', '[tid 2] é']);
});
