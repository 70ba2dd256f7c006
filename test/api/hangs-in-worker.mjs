/** Thread imports that no worker comes to have: loading them there never ends. */
import { isMainThread } from 'node:worker_threads';

export const env = {};

if (!isMainThread) for (;;);
