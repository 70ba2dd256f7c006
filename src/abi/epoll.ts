/** Events of an epoll registration: u32 bits, ABI §3.3. These are not the values Linux has; libc converts. */
export const EpollType = {
  IN: 1,
  OUT: 2,
  RDHUP: 4,
  PRI: 8,
  ERR: 16,
  HUP: 32,
  ET: 64,
  ONESHOT: 128,
} as const;

/** Operations of `epoll_ctl`: u32, ABI §3.3. */
export const EpollCtl = {
  ADD: 0,
  MOD: 1,
  DEL: 2,
} as const;

export type EpollCtl = (typeof EpollCtl)[keyof typeof EpollCtl];

/**
 * The numbers C guests send instead: libc's header keeps those of Linux (ABI §2.4). Both are told apart only
 * by 0 and 3, so 1 has to mean add-or-modify.
 */
export const EpollCtlLinux = {
  ADD: 1,
  DEL: 2,
  MOD: 3,
} as const;

export type EpollCtlLinux = (typeof EpollCtlLinux)[keyof typeof EpollCtlLinux];
