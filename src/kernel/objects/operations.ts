/** Which operations each kind of open file has. */
import { FILE, type FileKind } from '../descriptors/open-file.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { deviceOperations } from './device.js';
import { directoryOperations } from './directory.js';
import { epollOperations } from './epoll-object.js';
import { eventOperations } from './event.js';
import { eventsFrom, type FileOperations } from './file-operations.js';
import { pairOperations } from './pair.js';
import { pipeOperations } from './pipe.js';
import { regularOperations } from './regular.js';
import { sequentialOperations } from './sequential.js';
import { socketOperations } from './socket.js';
import { streamOperations } from './stream-object.js';

const byKind: Record<FileKind, FileOperations> = {
  1: regularOperations,
  2: directoryOperations,
  3: sequentialOperations,
  4: streamOperations,
  5: deviceOperations,
  6: pipeOperations,
  7: eventOperations,
  8: epollOperations(eventsOf),
  9: pairOperations,
  10: socketOperations,
};

export function operationsOf(thread: GuestThread, file: number): FileOperations {
  return byKind[thread.kernel.words[file + FILE.KIND] as FileKind];
}

/** The EpollType bits that hold for a description now. */
export function eventsOf(thread: GuestThread, file: number): number {
  return eventsFrom(thread, file, operationsOf(thread, file));
}
