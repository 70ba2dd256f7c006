import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { DirectoryRef } from '../../../../src/kernel/files/config.js';
import { outcome, resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let before: string[];

afterEach(() => {
  expect(sandbox.openPaths()).toEqual(before);
  sandbox.dispose();
});

describe.each(resolvers)('entries of a granted directory, $resolver', ({ host }) => {
  const make = (): { root: DirectoryRef } & Pick<Sandbox, 'files'> => {
    sandbox = new Sandbox('preopens', host);
    before = sandbox.openPaths();
    return sandbox;
  };

  it('are made as directories, with or without a trailing slash', () => {
    const { files, root } = make();
    const mkdir = (path: string) => outcome(() => files.makeDirectory(root, path));
    expect(mkdir('new')).toBeUndefined();
    expect(mkdir('slashed/')).toBeUndefined();
    expect(mkdir('to-sub/linked')).toBeUndefined();
    expect(statSync(sandbox.at('box/sub/linked')).isDirectory()).toBe(true);
    for (const path of [
      'new',
      'new/',
      'new/.',
      '.',
      'sub/..',
      'file.txt',
      'file.txt/',
      'dangling',
      'to-sub/',
    ]) {
      expect(mkdir(path), path).toBe('EXIST');
    }
    expect(mkdir('absent/.')).toBe('NOENT');
    expect(mkdir('absent/new')).toBe('NOENT');
    expect(mkdir('file.txt/new')).toBe('NOTDIR');
    expect(mkdir('../new')).toBe('NOTCAPABLE');
    expect(mkdir('escape-up/new')).toBe('NOTCAPABLE');
    expect(existsSync(sandbox.at('outside/new'))).toBe(false);
  });

  it('are removed as directories only when they are empty directories', () => {
    const { files, root } = make();
    const rmdir = (path: string) => outcome(() => files.removeDirectory(root, path));
    expect(rmdir('empty/')).toBeUndefined();
    expect(rmdir('sub')).toBe('NOTEMPTY');
    expect(rmdir('file.txt')).toBe('NOTDIR');
    expect(rmdir('to-sub')).toBe('NOTDIR');
    expect(rmdir('absent')).toBe('NOENT');
    expect(rmdir('.')).toBe('INVAL');
    expect(rmdir('sub/.')).toBe('INVAL');
    expect(rmdir('sub/deep/..')).toBe('NOTEMPTY');
    expect(rmdir('sub/deep')).toBeUndefined();
  });

  it('are unlinked when they are no directories, links as themselves', () => {
    const { files, root } = make();
    const unlink = (path: string) => outcome(() => files.unlink(root, path));
    expect(unlink('file.txt/')).toBe('NOTDIR');
    expect(unlink('to-file/')).toBe('NOTDIR');
    expect(unlink('to-file')).toBeUndefined();
    expect(existsSync(sandbox.at('box/file.txt'))).toBe(true);
    expect(unlink('file.txt')).toBeUndefined();
    for (const path of ['sub', 'sub/', 'sub/.', '.', 'sub/..']) expect(unlink(path), path).toBe('ISDIR');
    expect(unlink('absent')).toBe('NOENT');
    expect(unlink('absent/')).toBe('NOENT');
    expect(unlink('escape-up/secret.txt')).toBe('NOTCAPABLE');
    expect(existsSync(sandbox.at('outside/secret.txt'))).toBe(true);
  });

  it('are renamed within the mount', () => {
    const { files, root } = make();
    const rename = (from: string, to: string) => outcome(() => files.rename(root, from, root, to));
    expect(rename('file.txt', 'to-sub/moved.txt')).toBeUndefined();
    expect(readFileSync(sandbox.at('box/sub/moved.txt'), 'utf8')).toBe('hello');
    expect(rename('sub/moved.txt', 'sub/moved.txt')).toBeUndefined();
    expect(rename('to-file', 'moved-link')).toBeUndefined();
    expect(readlinkSync(sandbox.at('box/moved-link'))).toBe('file.txt');
    expect(rename('empty/', 'renamed/')).toBeUndefined();
    expect(rename('sub/inner.txt', 'slashed/')).toBe('NOTDIR');
    expect(rename('sub/inner.txt/', 'x')).toBe('NOTDIR');
    expect(rename('absent', 'x')).toBe('NOENT');
    expect(rename('renamed', 'sub')).toBe('NOTEMPTY');
    expect(rename('sub', 'sub/deep/x')).toBe('INVAL');
    expect(rename('sub/inner.txt', 'renamed')).toBe('ISDIR');
    expect(rename('renamed', 'sub/inner.txt')).toBe('NOTDIR');
    expect(rename('.', 'x')).toBe('BUSY');
    expect(rename('sub/.', 'x')).toBe('BUSY');
    expect(rename('sub/deep/..', 'x')).toBe('BUSY');
    expect(rename('sub/inner.txt', 'escape-up/x')).toBe('NOTCAPABLE');
    expect(rename('escape-file/../x', 'x')).toBe('NOTCAPABLE');
  });

  it('are given further names', () => {
    const { files, root } = make();
    const link = (from: string, to: string, follow = false) =>
      outcome(() => files.link(root, from, follow, root, to));
    expect(link('file.txt', 'hard')).toBeUndefined();
    expect(files.stat(root, 'file.txt', false).nlink).toBe(2n);
    expect(link('to-file', 'hard-link')).toBeUndefined();
    expect(readlinkSync(sandbox.at('box/hard-link'))).toBe('file.txt');
    expect(link('file.txt', 'x', true)).toBe('INVAL');
    expect(link('file.txt', 'hard')).toBe('EXIST');
    expect(link('file.txt', '.')).toBe('EXIST');
    expect(link('file.txt', 'x/')).toBe('NOENT');
    expect(link('file.txt/', 'x')).toBe('NOTDIR');
    expect(link('sub', 'x')).toBe('PERM');
    expect(link('sub/', 'x')).toBe('PERM');
    expect(link('.', 'x')).toBe('PERM');
    expect(link('absent', 'x')).toBe('NOENT');
    expect(link('absent/', 'x')).toBe('NOENT');
    expect(link('../outside/secret.txt', 'x')).toBe('NOTCAPABLE');
    expect(link('escape-up/secret.txt', 'x')).toBe('NOTCAPABLE');
  });

  it('are made as links to anything relative, and read back byte for byte', () => {
    const { files, root } = make();
    const symlink = (target: string, path: string) => outcome(() => files.symlink(target, root, path));
    expect(symlink('../ziel-ü/', 'link')).toBeUndefined();
    expect(Buffer.from(files.readlink(root, 'link')).toString()).toBe('../ziel-ü/');
    expect(symlink('/etc/passwd', 'absolute')).toBe('NOTCAPABLE');
    expect(symlink('', 'x')).toBe('NOENT');
    expect(symlink('a\0b', 'x')).toBe('INVAL');
    expect(symlink('x', 'file.txt')).toBe('EXIST');
    expect(symlink('x', 'dangling')).toBe('EXIST');
    expect(symlink('x', 'sub/')).toBe('EXIST');
    expect(symlink('x', 'absent/')).toBe('NOENT');
    expect(symlink('x', '.')).toBe('EXIST');
    for (const path of ['file.txt', 'sub', '.', 'to-sub/']) {
      expect(
        outcome(() => files.readlink(root, path)),
        path,
      ).toBe('INVAL');
    }
    expect(outcome(() => files.readlink(root, 'absent'))).toBe('NOENT');
    expect(outcome(() => files.readlink(root, 'to-file/'))).toBe('NOTDIR');
    expect(Buffer.from(files.readlink(root, 'magic-root')).toString()).toBe('/proc/self/root');
  });
});
