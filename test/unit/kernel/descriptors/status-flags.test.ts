/** Appending, begun and ended on a file that is open (ABI §2.2, `fd_fdstat_set_flags`). */
import fs, { constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import { FdFlags } from '../../../../src/abi/flags.js';
import {
  Access,
  createOpenFile,
  FILE,
  FileKind,
  setOffset,
} from '../../../../src/kernel/descriptors/open-file.js';
import { setStatusFlags } from '../../../../src/kernel/descriptors/status-flags.js';
import { release } from '../../../../src/kernel/descriptors/table.js';
import { IoVectors } from '../../../../src/kernel/io-vectors.js';
import { regularOperations } from '../../../../src/kernel/objects/regular.js';
import { kernelThread } from '../epoll/kernel-thread.js';

const { READ, WRITE, OWNS_FD, APPENDS } = Access;
const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_APPEND, O_SYNC } = constants;

describe.skipIf(process.platform !== 'linux')('a regular file', () => {
  const thread = kernelThread();
  const { kernel, owner, memory } = thread;
  const files: number[] = [];
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'status-flags-'));
    path = join(directory, 'file');
  });
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    for (const file of files.splice(0)) release(thread, file);
    rmSync(directory, { recursive: true });
  });

  function open(hostFlags: number, access: number, flags: number): number {
    const hostFd = openSync(path, hostFlags | O_CREAT);
    const init = {
      kind: FileKind.REGULAR,
      type: FileType.REGULAR_FILE,
      access: access | OWNS_FD,
      flags,
      hostFd,
    };
    files.push(createOpenFile(kernel, init, owner));
    return files.at(-1)!;
  }

  function write(file: number, text: string, at?: number): void {
    if (at !== undefined) setOffset(kernel, file, at);
    memory.write(64, Buffer.from(text));
    memory.setU32(0, 64);
    memory.setU32(4, text.length);
    expect(regularOperations.write(thread, file, new IoVectors(memory).load(0, 1))).toBe(text.length);
  }

  /** The flags that the host's descriptor has now. */
  function hostFlagsOf(file: number): number {
    const info = readFileSync(`/proc/self/fdinfo/${kernel.words[file + FILE.HOST_FD]!}`, 'utf8');
    return Number.parseInt(/flags:\s*([0-7]+)/.exec(info)![1]!, 8);
  }

  it.each([
    ['was opened to append', O_APPEND, APPENDS, FdFlags.APPEND],
    ['was not', 0, 0, 0],
  ])('begins and stops to append as often as it is told, when it %s', (_, host, access, flags) => {
    const file = open(O_RDWR | host, READ | WRITE | access, flags);
    write(file, '....', 0);
    for (const mark of ['a', 'b', 'c']) {
      setStatusFlags(thread, file, FdFlags.APPEND);
      write(file, mark, 0);
      setStatusFlags(thread, file, 0);
      write(file, mark.toUpperCase(), 0);
    }
    expect(readFileSync(path, 'utf8')).toBe('C...abc');
  });

  it('goes on to write through when it has stopped to append', () => {
    const file = open(O_WRONLY | O_APPEND | O_SYNC, WRITE | APPENDS, FdFlags.APPEND | FdFlags.SYNC);
    setStatusFlags(thread, file, FdFlags.SYNC);
    expect(hostFlagsOf(file) & (O_SYNC | O_APPEND)).toBe(O_SYNC);
  });

  it('that can only be read is not opened for writing', () => {
    const file = open(O_RDONLY | O_APPEND, READ | APPENDS, FdFlags.APPEND);
    setStatusFlags(thread, file, 0);
    expect(kernel.words[file + FILE.FLAGS]).toBe(0);
    expect(hostFlagsOf(file) & (O_WRONLY | O_RDWR)).toBe(O_RDONLY);
  });

  it('that has begun to append keeps what another one appends at the same time', () => {
    const [one, other] = [0, 1].map(() => open(O_RDWR, READ | WRITE, 0)) as [number, number];
    for (const file of [one, other]) setStatusFlags(thread, file, FdFlags.APPEND);
    // The other thread writes when this one has seen where the file ends.
    const { fstatSync } = fs;
    const looking = vi.spyOn(fs, 'fstatSync').mockImplementation(((fd: number) => {
      const stats = fstatSync(fd);
      looking.mockRestore();
      syncBuiltinESMExports();
      write(other, 'other');
      memory.write(64, Buffer.from('one'));
      return stats;
    }) as typeof fs.fstatSync);
    syncBuiltinESMExports();
    write(one, 'one');
    expect(readFileSync(path, 'utf8')).toBe('otherone');
  });
});
