/**
 * Running a guest without threads on the host's main thread: no worker, no event loop, the start-up of a plain script.
 * For the CLI, which has nothing else to do meanwhile. The kernel is the same as on workers.
 */

import { writeSync } from 'node:fs';
import { stopwatch } from '../../kernel/clock.js';
import type { EndReport, HostMessage } from '../../kernel/host-link.js';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import { ProcessSide } from '../thread/process-side.js';
import { runThread } from '../thread/run-thread.js';
import { installDirectStdio } from './inline-stdio.js';
import { makeImage } from './process-image.js';
import { claimMainThread, createGuestProcess, installPreopens } from './process-setup.js';
import { closeRun } from './process-teardown.js';
import { type RunResult, readEnd, readThreadCounts } from './run-result.js';

/** Inline runs have no pool, and so no other run to be told from. */
const KEY = 0;

/**
 * Makes the function that writes a trace line at once: the program has this thread to itself and may block. When
 * stderr takes no more, the rest of the trace is dropped and the program goes on.
 */
function inlineTrace(target: RunSettings['trace']): (text: string) => void {
  if (typeof target === 'function') return target;
  if (target !== 'stderr') return (text) => target?.write(`${text}\n`);
  let broken = false;
  return (text) => {
    if (broken) return;
    try {
      writeSync(2, `${text}\n`);
    } catch {
      broken = true;
    }
  };
}

/** Runs the program to its end. */
export function runInline(loaded: LoadedModule, settings: RunSettings): RunResult {
  const began = stopwatch();
  const guest = createGuestProcess(loaded, settings);
  let report: EndReport | undefined;
  const trace = inlineTrace(settings.trace);
  const post = (message: HostMessage) => {
    if (message.type === 'ended') report = message.report;
    if (message.type === 'notice') settings.notice(message.text);
    if (message.type === 'trace') trace(message.text);
  };
  try {
    const terminals = installDirectStdio(guest.kernel, guest.process);
    installPreopens(guest);
    const traced = settings.trace ? 'messages' : undefined;
    const image = makeImage(KEY, loaded, guest, settings, { terminals, trace: traced });
    const side = new ProcessSide(image, { post }, undefined, {});
    const record = claimMainThread(guest);
    const started = stopwatch();
    runThread(side, { record, argument: 0, main: true, worker: -1 })?.();
    const times = { startupMs: started - began, runMs: stopwatch() - started };
    const workers = { workersCreated: 0, workersReused: 0 };
    return {
      ...readEnd(guest, report),
      stdout: undefined,
      stderr: undefined,
      stats: { ...readThreadCounts(guest), ...workers, ...times },
    };
  } finally {
    closeRun(guest);
  }
}
