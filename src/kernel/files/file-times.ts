/**
 * Setting access and modification times.
 *
 * Node passes times as seconds in a double: whole seconds are exact, others good to a microsecond. A time that is
 * to stay is read and written back, since Node has no "leave it": it too is cut to microseconds.
 */
import { type BigIntStats, fstatSync, futimesSync, lstatSync, lutimesSync } from 'node:fs';

const SECOND = 1_000_000_000n;

/** Nanoseconds since the epoch as Node's utimes functions take them. */
function nodeTime(nanoseconds: bigint): number | Date {
  // Node replaces negative numbers by the current time, but takes such dates.
  if (nanoseconds < 0n) return new Date(Number(nanoseconds / 1_000_000n));
  if (nanoseconds % SECOND === 0n) return Number(nanoseconds / SECOND);
  // A quarter of a microsecond more than the double's own error, or the microsecond that is meant would be cut
  // to the one before it.
  return (Number(nanoseconds / 1000n) + 0.25) / 1e6;
}

function pair(
  stats: () => BigIntStats,
  atim: bigint | undefined,
  mtim: bigint | undefined,
): [number | Date, number | Date] {
  if (atim !== undefined && mtim !== undefined) return [nodeTime(atim), nodeTime(mtim)];
  const now = stats();
  return [nodeTime(atim ?? now.atimeNs), nodeTime(mtim ?? now.mtimeNs)];
}

/** Sets the times of the file at a host path, of the link itself when it is one; an undefined time stays. */
export function setTimesAtHostPath(path: string, atim: bigint | undefined, mtim: bigint | undefined): void {
  if (atim === undefined && mtim === undefined) return;
  const [access, modification] = pair(() => lstatSync(path, { bigint: true }), atim, mtim);
  lutimesSync(path, access, modification);
}

/** Sets the times of an open host file; an undefined time stays. */
export function setTimesOfHostFd(hostFd: number, atim: bigint | undefined, mtim: bigint | undefined): void {
  if (atim === undefined && mtim === undefined) return;
  const [access, modification] = pair(() => fstatSync(hostFd, { bigint: true }), atim, mtim);
  futimesSync(hostFd, access, modification);
}
