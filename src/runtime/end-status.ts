import { signalName } from '../abi/signal.js';
import { EndKind } from '../kernel/processes/process-record.js';

/** Why a run ended. */
export type EndReason = 'exit' | 'signal' | 'trap' | 'timeout' | 'fault';

/** How a run ended. */
export interface RunEnd {
  readonly reason: EndReason;
  /**
   * Status for a shell: the guest's own code (its low 8 bits), 134 for a trap, 128 + n for signal n, 124 for the time
   * limit, 70 for a fault of the runtime or the machine.
   */
  readonly exitCode: number;
  /** The guest's own code, all 32 bits. */
  readonly rawExitCode: number;
  /** Such as `SIGINT`, when a signal ended it. */
  readonly signal: string | undefined;
  /** Id of the thread that caused the end; 0 for the host. */
  readonly tid: number;
  /** What a trap or fault was. */
  readonly message: string | undefined;
  /** The guest's frames at a trap, a line each. */
  readonly stack: string | undefined;
}

const STATUS = { trap: 134, timeout: 124, fault: 70, signal: 128 } as const;

/** Maps the end that a process record tells (`EndKind` and its value) to what users see. */
export function describeEnd(
  kind: number,
  value: number,
  tid: number,
  report: { message: string; stack: string } | undefined,
): RunEnd {
  const base = { rawExitCode: value, signal: undefined, tid, message: report?.message, stack: report?.stack };
  switch (kind) {
    case EndKind.EXIT:
      return { ...base, reason: 'exit', exitCode: value & 0xff };
    case EndKind.SIGNAL:
      return { ...base, reason: 'signal', exitCode: STATUS.signal + value, signal: signalName(value) };
    case EndKind.TRAP:
      return { ...base, reason: 'trap', exitCode: STATUS.trap };
    case EndKind.TIMEOUT:
      return { ...base, reason: 'timeout', exitCode: STATUS.timeout };
    default:
      return { ...base, reason: 'fault', exitCode: STATUS.fault };
  }
}
