/** The working directory of a WASIX process (ABI §2.3). libc keeps a copy of its own; both must agree. */
import { Errno } from '../abi/errno.js';
import { replaceWorkingDirectory, workingDirectory } from '../kernel/processes/working-directory.js';
import type { Handlers } from './handler.js';

const encoder = new TextEncoder();

export const cwdHandlers: Handlers<'chdir' | 'getcwd'> = {
  chdir(thread, path, length) {
    if (!thread.view.wasix) return Errno.NOTSUP;
    const name = thread.memory.string(path, length);
    replaceWorkingDirectory(thread, (current) => thread.view.files.changeDirectory(current, name));
    return Errno.SUCCESS;
  },

  /** RANGE with the needed size, NUL included, when the buffer is null or too small; libc then calls again. */
  getcwd(thread, buffer, length) {
    if (!thread.view.wasix) return Errno.NOTSUP;
    const capacity = thread.memory.getU32(length);
    const path = encoder.encode(`${workingDirectory(thread)}\0`);
    if (buffer === 0 || capacity < path.length) {
      thread.memory.setU32(length, path.length);
      return Errno.RANGE;
    }
    thread.memory.clear(buffer, capacity);
    thread.memory.write(buffer, path);
    thread.memory.setU32(length, path.length - 1);
    return Errno.SUCCESS;
  },
};
