/** `--trace`: one line on stderr for each guest call, with its decoded arguments and result. */
import type { CallDescription } from '../../abi/call.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { formatCall, formatTraceLine } from '../trace/call-line.js';
import type { RawImport, RawValue } from './call-wrapper.js';

function secondsSince(start: number): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9 - start;
}

export function traced(thread: GuestThread, call: CallDescription, run: RawImport): RawImport {
  const count = call.params.length * 2;
  return (...args: RawValue[]) => {
    const given = args.slice(0, count);
    const at = secondsSince(thread.view.started);
    const print = (result: number | undefined) => {
      const text = formatTraceLine(thread.tid, at, formatCall(call, given, result, thread.memory));
      thread.view.link.post({ type: 'trace', text });
    };
    try {
      const result = run(...given);
      print(result);
      return result;
    } catch (error) {
      // The call does not return: an exit, or the end of the process while it waited.
      print(undefined);
      throw error;
    }
  };
}
