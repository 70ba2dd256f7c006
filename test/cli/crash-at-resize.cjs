/** Loaded before the command: makes its main thread fail when the window changes. */
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('SIGWINCH', () => {
    throw new Error('a crash for a test');
  });
}
