/** What a worker of a pool is created with: loads what it runs (worker-main.ts), from V8's code cache if it can. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { loadBundle, saveCodeCaches } from '../boot/load-bundle.js';
import { onceStarted } from '../pool/waiting-worker.js';

const main = loadBundle(join(__dirname, 'worker-main.cjs'), require);
onceStarted(workerData, (start) => {
  const served = (main as typeof import('./worker-main.js')).serveTasks(start, {
    // Code from a cache cannot: V8 has forgotten which script it is of.
    importModule: (url) => import(url),
    ran: saveCodeCaches,
  });
  // A job or a module of custom imports may have left a timer or a socket, which would keep a retired worker, and its
  // number, for ever.
  void served.then(() => process.exit());
});
