/** How a child ended: u8, the tag of `join_status`, ABI §3.3, §3.9. */
export const JoinStatusTag = {
  NOTHING: 0,
  EXIT_NORMAL: 1,
  EXIT_SIGNAL: 2,
  STOPPED: 3,
} as const;

export type JoinStatusTag = (typeof JoinStatusTag)[keyof typeof JoinStatusTag];

/** Descriptor operations of `proc_spawn2`: u8, ABI §3.3, §3.9. */
export const SpawnOp = {
  CLOSE: 0,
  DUP2: 1,
  OPEN: 2,
  CHDIR: 3,
  FCHDIR: 4,
} as const;

export type SpawnOp = (typeof SpawnOp)[keyof typeof SpawnOp];

/** What an inherited signal disposition says: u8, ABI §3.3. */
export const Disposition = {
  DEFAULT: 0,
  IGNORE: 1,
} as const;

export type Disposition = (typeof Disposition)[keyof typeof Disposition];

/** Where `proc_spawn` takes a standard stream from: u8, ABI §3.3. */
export const StdioMode = {
  PIPED: 0,
  INHERIT: 1,
  NULL: 2,
  LOG: 3,
} as const;

export type StdioMode = (typeof StdioMode)[keyof typeof StdioMode];
