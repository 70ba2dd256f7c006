/** What kind of thing a host descriptor is, as far as the guest's use of it goes. */
import { readFileSync, type Stats } from 'node:fs';
import { FileType } from '../../abi/filetype.js';
import { ttyModule } from '../../kernel/builtin-modules.js';

/** Major device numbers of terminals on Linux: consoles and serial lines, /dev/tty, pseudo-terminals. */
const TERMINAL_MAJORS = { first: 4, second: 5, firstPseudo: 136, lastPseudo: 143 };

const O_NONBLOCK = 0o4000;

/** Whether `fd` is a terminal; on Linux told by its device number, since loading node:tty takes long. */
export function isTerminal(fd: number, status: Stats): boolean {
  if (!status.isCharacterDevice()) return false;
  if (process.platform !== 'linux') return ttyModule().isatty(fd);
  const major = Math.floor(status.rdev / 256) & 0xfff;
  const { first, second, firstPseudo, lastPseudo } = TERMINAL_MAJORS;
  return major === first || major === second || (major >= firstPseudo && major <= lastPseudo);
}

/** Whether `fd` is a file or device whose reads and writes return at once. */
export function isPlain(fd: number, status: Stats): boolean {
  if (status.isCharacterDevice()) return !isTerminal(fd, status);
  return status.isFile() || status.isDirectory() || status.isBlockDevice();
}

/** Whether reads and writes on `fd` wait as long as they must: nobody has made its description non-blocking. */
export function isBlocking(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_NONBLOCK) === 0;
  } catch {
    return false;
  }
}

/** The filetype of a plain descriptor. */
export function plainType(status: Stats): FileType {
  if (status.isFile()) return FileType.REGULAR_FILE;
  if (status.isDirectory()) return FileType.DIRECTORY;
  return status.isBlockDevice() ? FileType.BLOCK_DEVICE : FileType.CHARACTER_DEVICE;
}

/** The filetype of a descriptor that is not plain. The ABI has none for pipes (§3.3). */
export function streamType(fd: number, status: Stats): FileType {
  if (isTerminal(fd, status)) return FileType.CHARACTER_DEVICE;
  return status.isSocket() ? FileType.SOCKET_STREAM : FileType.UNKNOWN;
}
