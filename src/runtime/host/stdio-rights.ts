import { RightBit } from '../../abi/rights.js';
import type { RightsPair } from '../../kernel/descriptors/table.js';

const COMMON = [
  RightBit.FD_DATASYNC,
  RightBit.FD_SYNC,
  RightBit.FD_ADVISE,
  RightBit.FD_FDSTAT_SET_FLAGS,
  RightBit.FD_FILESTAT_GET,
  RightBit.POLL_FD_READWRITE,
];

/** Rights of a standard stream: no seek and no tell, by which libc knows a terminal (ABI §2.11). */
export function rightsWith(right: number): RightsPair {
  const baseLow = [...COMMON, right].reduce((bits, bit) => bits | (1 << bit), 0);
  return { baseLow, baseHigh: 0, inheritingLow: 0, inheritingHigh: 0 };
}
