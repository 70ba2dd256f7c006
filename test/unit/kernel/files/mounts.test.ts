import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import type { DirectoryRef, FileTreeConfig } from '../../../../src/kernel/files/config.js';
import { FileTree } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree, openFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import { LocalCell, outcome, resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

function names(files: FileTree, directory: DirectoryRef): string[] {
  return files.readDirectory(directory).map(({ name }) => name.toString());
}

describe.each(resolvers)('mounts in the tree, $resolver', ({ host }) => {
  const make = (): Sandbox => {
    sandbox = new Sandbox('tree', host);
    return sandbox;
  };

  it('start as / . / with the working directory in its place', () => {
    const { files } = make();
    const roots = sandbox.roots();
    expect(roots.map(({ name }) => name)).toEqual(['/', '.', '/']);
    expect(roots[1]!.directory).toMatchObject({ path: '/box/sub', mount: 0 });
    expect(files.stat(roots[1]!.directory, 'inner.txt', true).size).toBe(5n);
    expect(files.stat(roots[2]!.directory, 'ro/kept.txt', true).size).toBe(4n);
  });

  it('show up in listings, also where no host directory is', () => {
    const { files, root, directory } = make();
    const at = (path: string) => names(files, directory.call(sandbox, path));
    expect(names(files, root)).toEqual(['.', '..', 'bin', 'box', 'dev', 'mem', 'ro', 'tmp', 'very']);
    expect(at('/very')).toEqual(['.', '..', 'far']);
    expect(at('/very/far')).toEqual(['.', '..', 'away']);
    expect(at('/very/far/away')).toEqual(['.', '..', 'far.txt']);
    expect(at('/box/sub')).toEqual([
      '.',
      '..',
      'deep',
      'escape-two-up',
      'inner.txt',
      'nested',
      'to-parent-file',
    ]);
    expect(at('/box/missing')).toEqual(['.', '..', 'point']);
    expect(at('/box')).toContain('missing');
    expect(at('/dev')).toEqual('. .. full null random stderr stdin stdout tty urandom zero'.split(' '));
    files.makeDirectory(root, '/tmp/made');
    expect(names(files, root)).toEqual(['.', '..', 'bin', 'box', 'dev', 'mem', 'ro', 'tmp', 'very']);
    expect(at('/tmp')).toEqual(['.', '..', 'made']);
  });

  it('are listed as directories whatever the host has under their names', () => {
    const { files } = make();
    writeFileSync(sandbox.at('box/missing'), 'a file where the way to a mount point goes');
    writeFileSync(sandbox.at('box/sub/nested'), 'a file where a mount point is');
    const types = [
      ...files.readDirectory(sandbox.directory('/box')),
      ...files.readDirectory(sandbox.directory('/box/sub')),
    ];
    for (const name of ['missing', 'nested']) {
      const found = types.filter((entry) => entry.name.toString() === name);
      expect(found.map((entry) => entry.filetype)).toEqual([FileType.DIRECTORY]);
    }
    expect(files.stat(sandbox.root, '/box/missing/point', true).filetype).toBe(FileType.DIRECTORY);
  });

  it('cannot be removed, renamed or replaced, nor can what leads to them', () => {
    const { files, root } = make();
    for (const path of [
      '/box',
      '/box/sub',
      '/box/sub/nested',
      '/box/missing',
      '/very',
      '/very/far/away',
      '/dev',
      '/mem/',
      '/',
    ]) {
      expect(
        outcome(() => files.removeDirectory(root, path)),
        path,
      ).toBe('BUSY');
      expect(
        outcome(() => files.rename(root, path, root, '/elsewhere')),
        path,
      ).toBe('BUSY');
      expect(
        outcome(() => files.rename(root, '/box/empty', root, path)),
        path,
      ).toBe('BUSY');
      expect(
        outcome(() => files.unlink(root, path)),
        path,
      ).toBe('ISDIR');
      expect(
        outcome(() => files.makeDirectory(root, path)),
        path,
      ).toBe('EXIST');
    }
    expect(sandbox.cell.value).toBeUndefined();
  });

  it('are file systems of their own to rename and link', () => {
    const { files, root } = make();
    for (const target of ['/tmp/x', '/ro/x', '/box/sub/nested/x', '/mem/x', '/dev/x']) {
      expect(
        outcome(() => files.rename(root, '/box/file.txt', root, target)),
        target,
      ).toBe('XDEV');
      expect(
        outcome(() => files.link(root, '/box/file.txt', false, root, target)),
        target,
      ).toBe('XDEV');
    }
    expect(existsSync(sandbox.at('box/file.txt'))).toBe(true);
  });

  it('take no new entries where a directory exists only on the way to a mount point', () => {
    const { files, root } = make();
    expect(outcome(() => files.makeDirectory(root, '/box/missing/new'))).toBe('ROFS');
    expect(
      outcome(() => files.open(root, '/box/missing/new', { follow: true, create: true, write: true })),
    ).toBe('ROFS');
    expect(outcome(() => files.setTimes(root, '/box/missing', true, 0n, 0n))).toBe('ROFS');
    expect(existsSync(sandbox.at('box/missing'))).toBe(false);
    mkdirSync(sandbox.at('box/missing'));
    files.makeDirectory(root, '/box/missing/new');
    expect(names(files, sandbox.directory('/box/missing'))).toEqual(['.', '..', 'new', 'point']);
  });

  it('granted for reading only refuse every change', () => {
    const { files } = make();
    const ro = sandbox.directory('/ro');
    const changes: Record<string, () => unknown> = {
      mkdir: () => files.makeDirectory(ro, 'new'),
      rmdir: () => files.removeDirectory(ro, 'dir'),
      unlink: () => files.unlink(ro, 'kept.txt'),
      rename: () => files.rename(ro, 'kept.txt', ro, 'new'),
      link: () => files.link(ro, 'kept.txt', false, ro, 'new'),
      symlink: () => files.symlink('kept.txt', ro, 'new'),
      times: () => files.setTimes(ro, 'kept.txt', true, 0n, 0n),
      'times of an open directory': () => files.setTimesOf(ro, 0n, 0n),
    };
    for (const [name, change] of Object.entries(changes)) expect(outcome(change), name).toBe('ROFS');
    expect(
      outcome(() => files.makeDirectory(ro, 'dir')),
      'mkdir -p',
    ).toBe('EXIST');
    expect(files.isReadOnly(ro.mount)).toBe(true);
    expect(names(files, ro)).toEqual(['.', '..', 'dangling', 'dir', 'kept.txt', 'to-kept']);
  });

  it('take absolute links, read in the guest tree', () => {
    const { files, root } = make();
    files.symlink('/ro/kept.txt', root, '/box/over');
    expect(files.stat(root, '/box/over', true).size).toBe(4n);
    files.symlink('/box/file.txt', root, '/tmp/over');
    expect(files.stat(root, '/tmp/over', true).size).toBe(5n);
  });

  it('change the working directory to canonical paths', () => {
    const { files } = make();
    expect(files.changeDirectory('/', 'box/to-sub')).toBe('/box/sub');
    expect(files.changeDirectory('/box/sub', '..')).toBe('/box');
    expect(files.changeDirectory('/box/sub', 'nested/')).toBe('/box/sub/nested');
    expect(files.changeDirectory('/box/sub', '/very/far')).toBe('/very/far');
    expect(files.changeDirectory('/tmp', '../../dev/.')).toBe('/dev');
    expect(files.changeDirectory('/tmp', '/')).toBe('/');
    expect(outcome(() => files.changeDirectory('/box', 'file.txt'))).toBe('NOTDIR');
    expect(outcome(() => files.changeDirectory('/dev', 'null'))).toBe('NOTDIR');
    expect(outcome(() => files.changeDirectory('/box', 'absent'))).toBe('NOENT');
    expect(outcome(() => files.changeDirectory('/box', 'dangling'))).toBe('NOENT');
    expect(outcome(() => files.changeDirectory('/box', 'loop-a'))).toBe('LOOP');
    expect(sandbox.openPaths().filter((path) => path.includes('wasix-run'))).toEqual([]);
  });

  it('may take the root, and then hold what the host has and the devices', () => {
    make();
    const config: FileTreeConfig = {
      view: 'tree',
      cwd: '/sub',
      mounts: [{ guest: '/', host: sandbox.at('box'), readOnly: false, kind: 'host' }],
    };
    const cell = new LocalCell();
    const opened = openFileTree(config);
    const files = new FileTree(opened, cell, host);
    const root = files.directoryAt('/');
    expect(files.stat(root, '../file.txt', true).size).toBe(5n);
    expect(files.stat(root, '/dev/null', true).filetype).toBe(FileType.CHARACTER_DEVICE);
    expect(names(files, root)).toContain('dev');
    expect(outcome(() => files.stat(root, '/tmp', true))).toBe('NOENT');
    expect(outcome(() => files.stat(root, 'escape-absolute/secret.txt', true))).toBe('NOENT');
    expect(cell.value).toBeUndefined();
    closeFileTree(opened, cell);
  });
});

describe('granting', () => {
  it('names the host directory that is missing or is none', () => {
    sandbox = new Sandbox('preopens', resolvers[0].host);
    const grant = (host: string) => () =>
      openFileTree({
        view: 'preopens',
        cwd: '/',
        mounts: [{ guest: 'x', host, readOnly: false, kind: 'host' }],
      });
    expect(grant(sandbox.at('absent'))).toThrow(`the directory ${sandbox.at('absent')} does not exist`);
    expect(grant(sandbox.at('box/file.txt'))).toThrow('is not a directory');
  });

  it('keeps the names of preopens as given', () => {
    sandbox = new Sandbox('preopens', resolvers[0].host);
    expect(sandbox.roots().map(({ name }) => name)).toEqual(['box', './read//only', '/mem']);
  });
});
