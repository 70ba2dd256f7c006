/**
 * What a descriptor or a directory entry is: u8, ABI §3.3. There is no FIFO type: pipes, socket pairs and
 * event counters are UNKNOWN.
 */
export const FileType = {
  UNKNOWN: 0,
  BLOCK_DEVICE: 1,
  CHARACTER_DEVICE: 2,
  DIRECTORY: 3,
  REGULAR_FILE: 4,
  SOCKET_DGRAM: 5,
  SOCKET_STREAM: 6,
  SYMBOLIC_LINK: 7,
  SOCKET_RAW: 8,
  SOCKET_SEQPACKET: 9,
} as const;

export type FileType = (typeof FileType)[keyof typeof FileType];

/** What a preopened descriptor is: u8, the tag of `prestat`, ABI §3.3. */
export const PreopenType = {
  DIR: 0,
} as const;

export type PreopenType = (typeof PreopenType)[keyof typeof PreopenType];
