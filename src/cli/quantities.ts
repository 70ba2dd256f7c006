/** Sizes and durations as people type and read them. */

const SIZE = /^(\d+(?:\.\d+)?)(?:([kmg])(?:i?b)?|b)?$/i;
const SIZE_POWERS = ['', 'k', 'm', 'g'];

/**
 * A size in bytes: `65536`, `64k`, `1.5MiB`, `1g`; all units are powers of 1024. Undefined for text that is none, or
 * no whole number of bytes.
 */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * 1024 ** SIZE_POWERS.indexOf((match[2] ?? '').toLowerCase());
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A unit of time. */
export type TimeUnit = keyof typeof MILLISECONDS;

/**
 * A duration in whole milliseconds: `500ms`, `1.5s`, `2m`, `1h`, or a number of `unit`. Undefined for text that is
 * none.
 */
export function parseDuration(text: string, unit: TimeUnit): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * MILLISECONDS[(match[2] as TimeUnit | undefined) ?? unit]);
}

/** Milliseconds for reading: `500 ms`, `1.5 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${Number((milliseconds / 1000).toFixed(3))} s`;
}
