/** File status flags of an open-file description: u16, ABI §3.3. */
export const FdFlags = {
  APPEND: 1,
  DSYNC: 2,
  NONBLOCK: 4,
  RSYNC: 8,
  SYNC: 16,
} as const;

/** Flags of a descriptor itself, not shared by `dup`: u16, ABI §3.3. */
export const FdFlagsExt = {
  CLOEXEC: 1,
} as const;

/** How `path_open` opens: u16, ABI §3.3. */
export const OFlags = {
  CREAT: 1,
  DIRECTORY: 2,
  EXCL: 4,
  TRUNC: 8,
} as const;

/** How the last component of a path is looked up: u32, ABI §3.3. */
export const LookupFlags = {
  SYMLINK_FOLLOW: 1,
} as const;

/** Which times a `*_filestat_set_times` call sets, and to what: u16, ABI §3.3. */
export const FstFlags = {
  ATIM: 1,
  ATIM_NOW: 2,
  MTIM: 4,
  MTIM_NOW: 8,
} as const;

/** What `sock_recv` is asked to do: u16, ABI §3.3. */
export const RiFlags = {
  PEEK: 1,
  WAITALL: 2,
  DATA_TRUNCATED: 4,
  DONT_WAIT: 8,
} as const;

/** What `sock_recv` reports: u16, ABI §3.3. */
export const RoFlags = {
  DATA_TRUNCATED: 1,
} as const;

/** What `sock_send` is asked to do: u16, ABI §3.3. */
export const SiFlags = {
  DONT_WAIT: 1,
} as const;

/** Which directions `sock_shutdown` closes: u8, ABI §3.3. */
export const SdFlags = {
  RD: 1,
  WR: 2,
} as const;

/** How a clock subscription gives its time; without ABSTIME it is relative: u16, ABI §3.3. */
export const SubclockFlags = {
  ABSTIME: 1,
} as const;

/** State of the peer in a descriptor event: u16, ABI §3.3. */
export const EventRwFlags = {
  HANGUP: 1,
} as const;

/**
 * How `fd_event` makes an event counter: u16, ABI §3.3.
 * NONBLOCK is not in the ABI: libc passes the raw `EFD_*` word, cut to 16 bits (ABI §2.2).
 */
export const EventFdFlags = {
  SEMAPHORE: 1,
  NONBLOCK: 4,
} as const;

/** How `proc_join` waits: u32, ABI §3.3. */
export const JoinFlags = {
  NON_BLOCKING: 1,
  WAKE_STOPPED: 2,
} as const;

/** How `dlopen` loads: u32, ABI §3.3. */
export const DlFlags = {
  LAZY: 1,
  NOW: 2,
  GLOBAL: 4,
  NOLOAD: 8,
  NODELETE: 16,
  DEEPBIND: 32,
} as const;

/** Security levels of `port_bridge`: u8 bits, ABI §3.3. */
export const StreamSecurity = {
  UNENCRYPTED: 1,
  ANY: 2,
  CLASSIC: 4,
  DOUBLE: 8,
} as const;
