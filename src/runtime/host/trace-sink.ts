import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { releaseSpareSink, spareSink } from './inherited.js';
import type { TraceSetting } from './stdio-settings.js';

/** How the pump of a trace gets its Node stream, and lets go of it. */
export interface TraceSink {
  readonly sink: () => Writable;
  readonly dispose: (sink: Writable) => void;
}

/** The stream behind a trace setting. */
export function traceSink(target: TraceSetting): TraceSink {
  if (target === 'stderr') return stderrSink();
  const sink = target instanceof Writable ? target : lineSink(target);
  return { sink: () => sink, dispose: () => undefined };
}

/** stderr, opened anew where that can be had, so that a reader who does not read blocks nobody but the guest. */
function stderrSink(): TraceSink {
  // Not before the first line: there may be none, and then nobody would close it.
  return { sink: () => spareSink(2), dispose: releaseSpareSink };
}

/** Cuts what is written into lines. */
function lineSink(take: (line: string) => void): Writable {
  // A character may lie across the border of two chunks.
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      done();
    },
  });
}
