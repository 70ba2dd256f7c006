import { endProcess } from '../../kernel/processes/end.js';
import { EndKind, PROCESS } from '../../kernel/processes/process-record.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { WaitKind } from '../../kernel/threads/thread-words.js';
import { waitUntil } from '../../kernel/threads/waiting.js';
import { HOST_CALL, HostCallKind, HostCallState, type ImportValue } from '../host-imports.js';

/** The import function that asks the API's caller for its function `module.name` (host-imports.ts). */
export function askHost(thread: GuestThread, module: string, name: string) {
  return (...args: ImportValue[]): ImportValue | undefined => {
    thread.enterCall();
    if (thread.tid !== thread.kernel.words[thread.process + PROCESS.PID]) refuse(thread, module, name);
    const { kernel, owner } = thread;
    const call = kernel.allocate(HOST_CALL.WORDS, owner);
    kernel.reach(call, HOST_CALL.WORDS);
    thread.view.link.post({ type: 'import', module, name, args, call });
    const answered = () => Atomics.load(kernel.words, call + HOST_CALL.STATE) !== HostCallState.WAITING;
    // The block is not given back if the process ends meanwhile: the host may still write the answer.
    waitUntil(thread, WaitKind.HOST, [call + HOST_CALL.QUEUE], answered, Number.POSITIVE_INFINITY);
    const value = readResult(thread, call);
    kernel.free(call, HOST_CALL.WORDS, owner);
    thread.exitCall();
    return value;
  };
}

function refuse(thread: GuestThread, module: string, name: string): never {
  const message = `${module}.${name} is offered to the main thread only; offer it to all with threadImports`;
  endProcess(thread, EndKind.FAULT, 0, { kind: EndKind.FAULT, tid: thread.tid, message, stack: '' });
  return thread.leave();
}

function readResult({ kernel }: GuestThread, call: number): ImportValue | undefined {
  const view = new DataView(kernel.bytes.buffer, (call + HOST_CALL.BITS) * 4, 8);
  switch (kernel.words[call + HOST_CALL.KIND]) {
    case HostCallKind.NUMBER:
      return view.getFloat64(0, true);
    case HostCallKind.BIGINT:
      return view.getBigInt64(0, true);
    default:
      return undefined;
  }
}
