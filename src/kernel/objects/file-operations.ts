import type { IoVectors } from '../io-vectors.js';
import type { GuestThread } from '../threads/guest-thread.js';

/** What a descriptor is ready for, as `poll_oneoff` reports it (ABI §2.4). */
export interface Readiness {
  readonly ready: boolean;
  /** Bytes that can be read or written, 0 when not known. */
  readonly bytes: number;
  /** The other side is gone. */
  readonly hangup: boolean;
}

/**
 * What the kinds of open files do. `file` is the address of a description that the call holds a reference on.
 * All of them throw a Failure, or a host error that the call's wrapper maps.
 */
export interface FileOperations {
  /** Reads at the file's own position; answers the bytes read, 0 at the end. */
  read(thread: GuestThread, file: number, vectors: IoVectors): number;
  write(thread: GuestThread, file: number, vectors: IoVectors): number;
  /** Reads at `offset` (bytes) without moving the position; SPIPE for what has none. */
  readAt(thread: GuestThread, file: number, vectors: IoVectors, offset: number): number;
  writeAt(thread: GuestThread, file: number, vectors: IoVectors, offset: number): number;
  /** Moves the position; `origin` is one of Whence. Answers the new one, in bytes from the start. */
  seek(thread: GuestThread, file: number, delta: number, origin: number): number;
  readiness(thread: GuestThread, file: number, forWriting: boolean): Readiness;
  /** The wait queue that is woken when the readiness may have changed; 0 for what never waits. */
  queue(thread: GuestThread, file: number): number;
}

export const ALWAYS_READY: Readiness = { ready: true, bytes: 0, hangup: false };
