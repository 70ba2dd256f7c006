/** Reading directories (ABI §2.2, §3.6). */
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { listingFrom, packListing, storeListing } from '../kernel/descriptors/listing.js';
import { FILE } from '../kernel/descriptors/open-file.js';
import { lock, unlock } from '../kernel/memory/lock.js';
import { toOffset } from './fd-io.js';
import type { Handlers } from './handler.js';
import { withDirectory } from './path.js';

export const fdReaddirHandlers: Handlers<'fd_readdir'> = {
  /** Entries from `cookie` on, the last one cut off where the buffer ends; fewer bytes than that mean the end. */
  fd_readdir(thread, fd, buffer, capacity, cookie, used) {
    const { kernel, memory } = thread;
    memory.span(buffer, capacity >>> 0);
    memory.span(used, 4);
    const from = toOffset(cookie);
    if (!Number.isFinite(from)) return Errno.INVAL;
    return withDirectory(thread, fd, RightBit.FD_READDIR, (directory, file) => {
      const fresh = from === 0 ? packListing(thread.view.files.readDirectory(directory)) : undefined;
      lock(kernel.words, file + FILE.LOCK, thread.owner);
      try {
        if (fresh) storeListing(kernel, file, fresh, thread.owner);
        else if (kernel.words[file + FILE.LISTING] === 0) {
          storeListing(kernel, file, packListing(thread.view.files.readDirectory(directory)), thread.owner);
        }
        const entries = listingFrom(kernel, file, from).subarray(0, capacity >>> 0);
        memory.write(buffer, entries);
        memory.setU32(used, entries.length);
      } finally {
        unlock(kernel.words, file + FILE.LOCK);
      }
      return Errno.SUCCESS;
    });
  },
};
