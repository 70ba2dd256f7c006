/** Imports for `threadImports`: each worker loads it. */
import { isMainThread } from 'node:worker_threads';

export const env = {
  answer(value) {
    return isMainThread ? 0 : value * 6;
  },
};
