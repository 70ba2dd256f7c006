/** Directories: neither read nor written as bytes; their listing is descriptors/listing.ts. */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import { ALWAYS_READY, type FileOperations } from './file-operations.js';

const isDirectory = () => fail(Errno.ISDIR);

export const directoryOperations: FileOperations = {
  read: isDirectory,
  write: isDirectory,
  readAt: isDirectory,
  writeAt: isDirectory,
  seek: isDirectory,
  readiness: () => ALWAYS_READY,
  queue: () => 0,
};
