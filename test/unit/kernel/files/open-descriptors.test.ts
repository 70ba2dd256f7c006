/** The host descriptors of a file tree that cannot be had whole are given back: a host that goes on must not lose them. */
import fs, {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileTreeConfig } from '../../../../src/kernel/files/config.js';
import { FileTree } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree, openFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import { LocalCell, outcome } from './sandbox.js';

const CREATE = { follow: true, create: true, write: true } as const;

describe.skipIf(process.platform !== 'linux')('the descriptors of a file tree', () => {
  let base: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'open-descriptors-')));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    rmSync(base, { recursive: true });
  });

  /** How many descriptors of this process lead to the test's directory or to scratch space. */
  function openHere(): number {
    let count = 0;
    for (const fd of readdirSync('/proc/self/fd')) {
      const link = `/proc/self/fd/${fd}`;
      // Not that of the list itself, which is gone.
      const path = existsSync(link) || lstatSync(link, { throwIfNoEntry: false }) ? readlinkSync(link) : '';
      if (path.startsWith(base) || path.includes('wasix-run-')) count++;
    }
    return count;
  }

  function within(
    config: Omit<FileTreeConfig, 'view'>,
    work: (files: FileTree, cell: LocalCell) => void,
  ): void {
    const opened = openFileTree({ view: 'tree', ...config });
    const cell = new LocalCell();
    try {
      work(new FileTree(opened, cell), cell);
    } finally {
      closeFileTree(opened, cell);
    }
  }

  it('are closed when there is no such working directory', () => {
    const mounts = [{ guest: '/', host: base, readOnly: false, kind: 'host' }] as const;
    within({ mounts, cwd: '/missing' }, (files) => {
      const before = openHere();
      expect(outcome(() => files.openRoots())).toBe('NOENT');
      expect(openHere()).toBe(before);
    });
  });

  it('are closed when scratch space cannot be made for want of descriptors', () => {
    const tmpfs = { host: '', readOnly: false, kind: 'tmpfs' } as const;
    within(
      {
        mounts: [
          { guest: '/one', ...tmpfs },
          { guest: '/two', ...tmpfs },
        ],
        cwd: '/',
      },
      (files) => {
        const before = openHere();
        const { openSync } = fs;
        let opened = 0;
        vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
          if (String(path).includes('wasix-run-') && ++opened === 3) {
            throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
          }
          return openSync(path, ...rest);
        });
        syncBuiltinESMExports();
        expect(outcome(() => files.open(files.directoryAt('/'), 'file', CREATE))).toBe('MFILE');
        expect(opened).toBe(3);
        expect(openHere()).toBe(before);
      },
    );
  });
});
