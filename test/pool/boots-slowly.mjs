/** A worker's script that takes half a second with a file open before it serves. */
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = openSync(fileURLToPath(import.meta.url));
const began = performance.now();
while (performance.now() - began < 500);
closeSync(file);
await import('../../dist/worker.cjs');
