/** Descriptors of epoll sets: neither read nor written, but readable for `poll_oneoff` and other sets (ABI §2.4). */
import { Errno } from '../../abi/errno.js';
import { FILE } from '../descriptors/open-file.js';
import { type EventsOf, hasEvents } from '../epoll/scan.js';
import { SET } from '../epoll/words.js';
import { fail } from '../failure.js';
import { ALWAYS_READY, type FileOperations, NEVER_READY } from './file-operations.js';

const invalid = () => fail(Errno.INVAL);

/** `eventsOf` tells of the descriptions that a set watches, which may be sets again. */
export function epollOperations(eventsOf: EventsOf): FileOperations {
  return {
    read: invalid,
    write: invalid,
    readAt: invalid,
    writeAt: invalid,
    seek: () => fail(Errno.SPIPE),
    readiness(thread, file, forWriting) {
      if (forWriting) return NEVER_READY;
      return hasEvents(thread, thread.kernel.words[file + FILE.SET]!, eventsOf) ? ALWAYS_READY : NEVER_READY;
    },
    queue: (thread, file) => thread.kernel.words[file + FILE.SET]! + SET.QUEUE,
  };
}
