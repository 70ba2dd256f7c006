/** What a `poll_oneoff` subscription waits for: u8, ABI §3.3. */
export const EventType = {
  CLOCK: 0,
  FD_READ: 1,
  FD_WRITE: 2,
} as const;

export type EventType = (typeof EventType)[keyof typeof EventType];
