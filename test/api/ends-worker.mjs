/** Thread imports that end a worker when it is about to send a message of a given type, as the engine does at the heap limit. */
import { isMainThread, parentPort } from 'node:worker_threads';

export const env = {};

const type = new URL(import.meta.url).searchParams.get('at');

if (!isMainThread) {
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (message) => {
    if (message?.message?.type !== type) return post(message);
    process.exit(1);
    // It may come back for a moment.
    for (;;);
  };
}
