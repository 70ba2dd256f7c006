/** `--trace`: one line for each guest call, with its decoded arguments and result. */
import type { CallDescription } from '../../abi/call.js';
import { PROCESS, processAt } from '../../kernel/processes/process-record.js';
import { offerBytes, sendBytes } from '../../kernel/streams/guest-side.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import type { ProcessImage } from '../image.js';
import { formatCall, formatTraceLine } from '../trace/call-line.js';
import type { RawImport, RawValue } from './call-wrapper.js';

type TraceTarget = NonNullable<ProcessImage['trace']>;

const encoder = new TextEncoder();

function secondsSince(start: number): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9 - start;
}

/** Sends a line on. A thread whose reader is slow waits for it; one on its way out does not. */
function emit(thread: GuestThread, target: TraceTarget, text: string): void {
  if (target === 'messages') return thread.view.link.post({ type: 'trace', text });
  const bytes = encoder.encode(`${text}\n`);
  if (thread.leaving) return offerBytes(thread, target.stream, bytes);
  thread.enterCall();
  sendBytes(thread, target.stream, bytes);
  thread.exitCall();
}

/** The pid, or 0 for the first process: most programs have no other. */
function shownPid({ kernel, process }: GuestThread): number {
  return process === processAt(kernel, 0) ? 0 : kernel.words[process + PROCESS.PID]!;
}

export function traced(
  thread: GuestThread,
  call: CallDescription,
  run: RawImport,
  target: TraceTarget,
): RawImport {
  const count = call.params.length * 2;
  return (...args: RawValue[]) => {
    const given = args.slice(0, count);
    const at = secondsSince(thread.view.started);
    const line = (result: number | undefined) =>
      formatTraceLine(thread.tid, at, formatCall(call, given, result, thread.memory), shownPid(thread));
    let result: number | undefined;
    try {
      result = run(...given);
    } catch (error) {
      // The call does not return: an exit, or the end of the process while it waited.
      emit(thread, target, line(undefined));
      throw error;
    }
    // A call that the guest's stack is left by is entered again, and told when it has its result.
    if (!thread.stack?.unwinding) emit(thread, target, line(result));
    return result;
  };
}
