/** The ends of socket pairs: a pipe in each direction (ABI §2.9). */
import { incomingOf, outgoingOf } from '../pipes/ends.js';
import { PIPE } from '../pipes/pipe.js';
import type { FileOperations } from './file-operations.js';
import { pipeOperations, readReadiness, writeReadiness } from './pipe.js';

export const pairOperations: FileOperations = {
  ...pipeOperations,

  readiness({ kernel }, file, forWriting) {
    if (forWriting) return writeReadiness(kernel, outgoingOf(kernel, file));
    return readReadiness(kernel, incomingOf(kernel, file));
  },

  // The queue of the end, for both directions.
  queue({ kernel }, file) {
    const pipe = incomingOf(kernel, file);
    return kernel.words[pipe + PIPE.READ_QUEUE]!;
  },
};
