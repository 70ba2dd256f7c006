/** Access pattern announced by `fd_advise`: u8, ABI §3.3. */
export const Advice = {
  NORMAL: 0,
  SEQUENTIAL: 1,
  RANDOM: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  NOREUSE: 5,
} as const;

export type Advice = (typeof Advice)[keyof typeof Advice];
