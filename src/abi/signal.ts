/** Signals: u8, numbered as on Linux (ABI §3.4). */
export const Signal = {
  NONE: 0,
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  POLL: 29,
  PWR: 30,
  SYS: 31,
} as const;

export type Signal = (typeof Signal)[keyof typeof Signal];

/** The C name of a signal, such as `'SIGINT'`; `'signal 77'` for a number that is none, 0 included. */
export function signalName(n: number): string {
  const [name] = (isSignal(n) && Object.entries(Signal).find(([, number]) => number === n)) || [];
  return name ? `SIG${name}` : `signal ${n}`;
}

/** Whether `n` may be sent: 1 to 31. Everything else is INVAL, save 0 where a call only tests existence. */
export function isSignal(n: number): boolean {
  return Number.isInteger(n) && n > Signal.NONE && n <= Signal.SYS;
}
