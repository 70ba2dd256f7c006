/** What the offset of `fd_seek` counts from: u8, ABI §3.3. */
export const Whence = {
  SET: 0,
  CUR: 1,
  END: 2,
} as const;

export type Whence = (typeof Whence)[keyof typeof Whence];

/** The same in `wasi_unstable`, which orders them differently (ABI §1.1). */
export const WhenceSnapshot0 = {
  CUR: 0,
  END: 1,
  SET: 2,
} as const;

export type WhenceSnapshot0 = (typeof WhenceSnapshot0)[keyof typeof WhenceSnapshot0];
