/**
 * Rights as bit indexes, for code that tests them in two 32-bit words without BigInt (ABI §3.2):
 * indexes 0 to 31 are in the low word, 32 to 38 in the high one. 30 and above are WASIX additions.
 */
export const RightBit = {
  FD_DATASYNC: 0,
  FD_READ: 1,
  FD_SEEK: 2,
  FD_FDSTAT_SET_FLAGS: 3,
  FD_SYNC: 4,
  FD_TELL: 5,
  FD_WRITE: 6,
  FD_ADVISE: 7,
  FD_ALLOCATE: 8,
  PATH_CREATE_DIRECTORY: 9,
  PATH_CREATE_FILE: 10,
  PATH_LINK_SOURCE: 11,
  PATH_LINK_TARGET: 12,
  PATH_OPEN: 13,
  FD_READDIR: 14,
  PATH_READLINK: 15,
  PATH_RENAME_SOURCE: 16,
  PATH_RENAME_TARGET: 17,
  PATH_FILESTAT_GET: 18,
  PATH_FILESTAT_SET_SIZE: 19,
  PATH_FILESTAT_SET_TIMES: 20,
  FD_FILESTAT_GET: 21,
  FD_FILESTAT_SET_SIZE: 22,
  FD_FILESTAT_SET_TIMES: 23,
  PATH_SYMLINK: 24,
  PATH_REMOVE_DIRECTORY: 25,
  PATH_UNLINK_FILE: 26,
  POLL_FD_READWRITE: 27,
  SOCK_SHUTDOWN: 28,
  SOCK_ACCEPT: 29,
  SOCK_CONNECT: 30,
  SOCK_LISTEN: 31,
  SOCK_BIND: 32,
  SOCK_RECV: 33,
  SOCK_SEND: 34,
  SOCK_ADDR_LOCAL: 35,
  SOCK_ADDR_REMOTE: 36,
  SOCK_RECV_FROM: 37,
  SOCK_SEND_TO: 38,
} as const;

/** One of the {@link RightBit} indexes. */
export type RightBit = (typeof RightBit)[keyof typeof RightBit];

/** Rights as bits of the 64-bit word that guests pass and receive (ABI §3.2). */
export const Rights = {
  FD_DATASYNC: 1n << 0n,
  FD_READ: 1n << 1n,
  FD_SEEK: 1n << 2n,
  FD_FDSTAT_SET_FLAGS: 1n << 3n,
  FD_SYNC: 1n << 4n,
  FD_TELL: 1n << 5n,
  FD_WRITE: 1n << 6n,
  FD_ADVISE: 1n << 7n,
  FD_ALLOCATE: 1n << 8n,
  PATH_CREATE_DIRECTORY: 1n << 9n,
  PATH_CREATE_FILE: 1n << 10n,
  PATH_LINK_SOURCE: 1n << 11n,
  PATH_LINK_TARGET: 1n << 12n,
  PATH_OPEN: 1n << 13n,
  FD_READDIR: 1n << 14n,
  PATH_READLINK: 1n << 15n,
  PATH_RENAME_SOURCE: 1n << 16n,
  PATH_RENAME_TARGET: 1n << 17n,
  PATH_FILESTAT_GET: 1n << 18n,
  PATH_FILESTAT_SET_SIZE: 1n << 19n,
  PATH_FILESTAT_SET_TIMES: 1n << 20n,
  FD_FILESTAT_GET: 1n << 21n,
  FD_FILESTAT_SET_SIZE: 1n << 22n,
  FD_FILESTAT_SET_TIMES: 1n << 23n,
  PATH_SYMLINK: 1n << 24n,
  PATH_REMOVE_DIRECTORY: 1n << 25n,
  PATH_UNLINK_FILE: 1n << 26n,
  POLL_FD_READWRITE: 1n << 27n,
  SOCK_SHUTDOWN: 1n << 28n,
  SOCK_ACCEPT: 1n << 29n,
  SOCK_CONNECT: 1n << 30n,
  SOCK_LISTEN: 1n << 31n,
  SOCK_BIND: 1n << 32n,
  SOCK_RECV: 1n << 33n,
  SOCK_SEND: 1n << 34n,
  SOCK_ADDR_LOCAL: 1n << 35n,
  SOCK_ADDR_REMOTE: 1n << 36n,
  SOCK_RECV_FROM: 1n << 37n,
  SOCK_SEND_TO: 1n << 38n,
} as const satisfies Record<keyof typeof RightBit, bigint>;

/** Every right there is: bits 0 to 38. Guests may send garbage above; mask with this instead of failing. */
export const RIGHTS_ALL = (1n << 39n) - 1n;

/** The low 32 bits of {@link RIGHTS_ALL}, as an unsigned number. */
export const RIGHTS_ALL_LOW = 0xffff_ffff;

/** The high 32 bits of {@link RIGHTS_ALL}. */
export const RIGHTS_ALL_HIGH = 0x7f;
