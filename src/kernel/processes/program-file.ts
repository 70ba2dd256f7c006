/** Finding a program in the guest's own files, by path or along a search path (ABI §5.3). */
import { closeSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { Failure, fail } from '../failure.js';
import { errnoOfHostError } from '../files/host-error.js';
import type { OpenedFile } from '../files/open.js';
import type { GuestThread } from '../threads/guest-thread.js';
import type { ProgramFile } from './process-control.js';
import { workingDirectory } from './working-directory.js';

/** Where programs are looked for when the guest names no path. */
const USUAL_PATH = '/usr/local/bin:/bin:/usr/bin';
/** Longest name of a file, as on Linux. */
const NAME_MAX = 255;

/** What stands in the way of one place of a search path, which then is passed over. */
const ABSENT: ReadonlySet<number> = new Set([
  Errno.NOENT,
  Errno.NOTDIR,
  Errno.ACCES,
  Errno.LOOP,
  Errno.NAMETOOLONG,
]);

/** How the guest names a program. */
export interface ProgramName {
  readonly name: string;
  /** Directories separated by ':' to look through if the name has no '/'; undefined: the name is a path. */
  readonly searchPath: string | undefined;
}

/**
 * Opens the file of a program; the caller closes it.
 * @throws NOENT when there is none, ACCES for what is no regular file or may not be read
 */
export function openProgram(thread: GuestThread, { name, searchPath }: ProgramName): ProgramFile {
  if (name === '') fail(Errno.NOENT);
  if (searchPath === undefined || name.includes('/')) return openAt(thread, name);
  if (name.length > NAME_MAX) fail(Errno.NAMETOOLONG);
  let refused: Errno = Errno.NOENT;
  for (const directory of (searchPath === '' ? USUAL_PATH : searchPath).split(':')) {
    const errno = tryOpen(() => openAt(thread, directory === '' ? name : `${directory}/${name}`));
    if (typeof errno === 'object') return errno;
    // What exists and cannot be had is told rather than that nothing was found.
    if (errno === Errno.ACCES) refused = errno;
  }
  return fail(refused);
}

function tryOpen(open: () => ProgramFile): ProgramFile | Errno {
  try {
    return open();
  } catch (error) {
    const errno = error instanceof Failure ? error.errno : errnoOfHostError(error);
    if (errno === undefined || !ABSENT.has(errno)) throw error;
    return errno as Errno;
  }
}

function openAt(thread: GuestThread, path: string): ProgramFile {
  const { files } = thread.view;
  const from = files.directoryAt(workingDirectory(thread));
  const opened: OpenedFile = files.open(from, path, { follow: true, read: true });
  if (opened.kind === 'file') return { hostFd: opened.hostFd, path };
  if (opened.hostFd >= 0) closeSync(opened.hostFd);
  return fail(Errno.ACCES);
}
