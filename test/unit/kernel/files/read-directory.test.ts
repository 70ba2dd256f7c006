import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import { resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

describe.each(resolvers)('a directory listing, $resolver', ({ host }) => {
  it('has types and inode numbers that agree with stat, in byte order', () => {
    sandbox = new Sandbox('tree', host);
    const { files } = sandbox;
    for (const path of ['/', '/box', '/box/sub', '/box/missing', '/dev', '/very/far']) {
      const directory = sandbox.directory(path);
      const entries = files.readDirectory(directory);
      const sorted = entries.map(({ name }) => name).sort(Buffer.compare);
      expect(entries.map(({ name }) => name)).toEqual(sorted);
      expect(new Set(sorted.map(String)).size).toBe(entries.length);
      for (const { name, ino, filetype } of entries) {
        expect(ino).not.toBe(0n);
        if (String(name) === '..') continue;
        const status = files.stat(directory, String(name), false);
        expect({ ino, filetype }, `${path} ${name}`).toEqual({ ino: status.ino, filetype: status.filetype });
      }
    }
  });

  it('tells the parent of a directory, but nothing above a preopen', () => {
    sandbox = new Sandbox('preopens', host);
    const { files, root } = sandbox;
    const inoOf = (directory: typeof root, wanted: string) =>
      files.readDirectory(directory).find(({ name }) => String(name) === wanted)!.ino;
    expect(inoOf(root, '..')).toBe(inoOf(root, '.'));
    expect(inoOf(sandbox.directory('sub'), '..')).toBe(inoOf(root, '.'));
  });

  it('has names that are no UTF-8 as they are', () => {
    sandbox = new Sandbox('preopens', host);
    const name = Buffer.from([0x78, 0xff, 0xfe]);
    writeFileSync(Buffer.concat([Buffer.from(`${sandbox.at('box/sub')}/`), name]), '');
    const entries = sandbox.files.readDirectory(sandbox.directory('sub'));
    const found = entries.find((entry) => entry.name.equals(name));
    expect(found?.filetype).toBe(FileType.REGULAR_FILE);
    expect(found?.ino).not.toBe(0n);
  });
});
