/** First byte of an `option_*` struct (ABI §3.3, §3.8). */
export const OptionTag = {
  NONE: 0,
  SOME: 1,
} as const;

export type OptionTag = (typeof OptionTag)[keyof typeof OptionTag];
