import { EpollType } from '../../abi/epoll.js';
import { FileType } from '../../abi/filetype.js';
import { Access, FILE } from '../descriptors/open-file.js';
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
  /** Never fails. A direction that the description does not have is not ready. */
  readiness(thread: GuestThread, file: number, forWriting: boolean): Readiness;
  /** The EpollType bits that hold, for kinds that `eventsFrom` cannot tell them of. Never fails. */
  events?(thread: GuestThread, file: number): number;
  /**
   * The wait queue that is woken when the readiness may have changed, the same for the description's whole life; 0 for
   * what never waits. Where it serves both directions, who wakes it says which one changed (`wakeAll`).
   */
  queue(thread: GuestThread, file: number): number;
}

export const ALWAYS_READY: Readiness = { ready: true, bytes: 0, hangup: false };

export const NEVER_READY: Readiness = { ready: false, bytes: 0, hangup: false };

/**
 * The EpollType bits that follow from the readiness of a description (ABI §2.4). Those of what has one direction are a
 * pipe's: HUP for a reader whose writers are gone, ERR for a writer without readers. What has both is like a socket:
 * RDHUP when no more bytes come, HUP when both directions are over. Regular files and directories never fire.
 */
export function eventsFrom(thread: GuestThread, file: number, operations: FileOperations): number {
  if (operations.events) return operations.events(thread, file);
  const { words } = thread.kernel;
  const type = words[file + FILE.TYPE];
  if (type === FileType.REGULAR_FILE || type === FileType.DIRECTORY) return 0;
  const access = words[file + FILE.ACCESS]! & (Access.READ | Access.WRITE);
  const input = (access & Access.READ) === 0 ? NEVER_READY : operations.readiness(thread, file, false);
  const output = (access & Access.WRITE) === 0 ? NEVER_READY : operations.readiness(thread, file, true);
  if (access === Access.WRITE) return bit(output.ready, EpollType.OUT) | bit(output.hangup, EpollType.ERR);
  if (access === Access.READ) {
    const hasBytes = input.ready && (input.bytes > 0 || !input.hangup);
    return bit(hasBytes, EpollType.IN) | bit(input.hangup, EpollType.HUP);
  }
  return (
    bit(input.ready, EpollType.IN) |
    bit(input.hangup, EpollType.RDHUP) |
    bit(output.ready, EpollType.OUT) |
    bit(input.hangup && output.hangup, EpollType.HUP)
  );
}

function bit(holds: boolean, event: number): number {
  return holds ? event : 0;
}
