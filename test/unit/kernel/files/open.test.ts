import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, readFileSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import type { DirectoryRef } from '../../../../src/kernel/files/config.js';
import type { OpenOptions } from '../../../../src/kernel/files/open.js';
import { type Host, outcome, resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

/** Opens, closes, and answers the kind or the errno; nothing may stay open. */
function kindOf(path: string, options: Partial<OpenOptions>, from: DirectoryRef = sandbox.root): unknown {
  const before = sandbox.openPaths();
  const result = outcome(() => {
    const { hostFd, kind } = sandbox.files.open(from, path, { follow: true, ...options });
    if (hostFd !== -1) closeSync(hostFd);
    return kind;
  });
  expect(sandbox.openPaths(), path).toEqual(before);
  return result;
}

const CREATE = { create: true, write: true } as const;

describe.each(resolvers)('open, $resolver', ({ host }) => {
  const make = (view: 'preopens' | 'tree', which: Host = host) => {
    sandbox = new Sandbox(view, which);
  };

  it('answers existing files by the decision list of the ABI', () => {
    make('preopens');
    expect(kindOf('file.txt', { read: true })).toBe('file');
    expect(kindOf('to-file', { read: true })).toBe('file');
    expect(kindOf('to-file', { read: true, follow: false })).toBe('LOOP');
    expect(kindOf('to-sub', { read: true, follow: false, directory: true })).toBe('LOOP');
    expect(kindOf('file.txt', { ...CREATE, exclusive: true })).toBe('EXIST');
    expect(kindOf('to-file', { ...CREATE, exclusive: true })).toBe('EXIST');
    expect(kindOf('dangling', { ...CREATE, exclusive: true })).toBe('EXIST');
    expect(kindOf('file.txt', { directory: true })).toBe('NOTDIR');
    expect(kindOf('file.txt/', { read: true })).toBe('NOTDIR');
    expect(kindOf('file.txt/', CREATE)).toBe('NOTDIR');
    expect(kindOf('to-file/', { read: true, follow: false })).toBe('NOTDIR');
    for (const path of ['sub', 'sub/', '.', 'sub/..', 'to-sub/']) {
      expect(kindOf(path, { read: true }), path).toBe('directory');
      expect(kindOf(path, { directory: true, create: true }), path).toBe('directory');
      expect(kindOf(path, { read: true, write: true }), path).toBe('ISDIR');
      expect(kindOf(path, { read: true, truncate: true }), path).toBe('ISDIR');
      expect(kindOf(path, { directory: true, create: true, exclusive: true }), path).toBe('EXIST');
    }
  });

  it('answers missing files by the decision list of the ABI', () => {
    make('preopens');
    expect(kindOf('new', { read: true })).toBe('NOENT');
    expect(kindOf('new', { ...CREATE, directory: true })).toBe('NOTDIR');
    expect(kindOf('new/', CREATE)).toBe('ISDIR');
    expect(kindOf('new/x', CREATE)).toBe('NOENT');
    expect(kindOf('file.txt/x', CREATE)).toBe('NOTDIR');
    expect(existsSync(sandbox.at('box/new'))).toBe(false);
    expect(kindOf('new', { ...CREATE, exclusive: true })).toBe('file');
    expect(kindOf('naïve-新', CREATE)).toBe('file');
    expect(existsSync(sandbox.at('box/naïve-新'))).toBe(true);
  });

  it('creates the target of a dangling link, inside only', () => {
    make('preopens');
    expect(kindOf('dangling', CREATE)).toBe('file');
    expect(existsSync(sandbox.at('box/nowhere'))).toBe(true);
    expect(kindOf('dangling-deep', CREATE)).toBe('NOTDIR');
    expect(kindOf('escape-up/new', CREATE)).toBe('NOTCAPABLE');
    expect(existsSync(sandbox.at('outside/new'))).toBe(false);
  });

  it('truncates and appends as asked', () => {
    make('preopens');
    const { hostFd } = sandbox.files.open(sandbox.root, 'file.txt', {
      follow: true,
      write: true,
      append: true,
    });
    writeSync(hostFd, '!');
    closeSync(hostFd);
    expect(readFileSync(sandbox.at('box/file.txt'), 'utf8')).toBe('hello!');
    expect(kindOf('to-file', { write: true, truncate: true })).toBe('file');
    expect(statSync(sandbox.at('box/file.txt')).size).toBe(0);
  });

  it('opens for no more than what is asked', () => {
    make('preopens');
    const { hostFd } = sandbox.files.open(sandbox.root, 'file.txt', { follow: true, read: true });
    expect(outcome(() => writeSync(hostFd, 'x'))).toBe('BADF');
    closeSync(hostFd);
  });

  it('answers where a file is: its mount and its canonical path', () => {
    make('tree');
    const opened = sandbox.directory('/box/to-sub/../chain/deep');
    expect(opened).toMatchObject({ mount: 0, path: '/box/sub/deep', filetype: FileType.DIRECTORY });
    expect(sandbox.directory('/box/sub/nested')).toMatchObject({ mount: 2, path: '/box/sub/nested' });
    expect(sandbox.directory('/box/missing')).toMatchObject({ mount: 0, path: '/box/missing', hostFd: -1 });
  });

  it('opens a read-only mount for reading alone', () => {
    make('tree');
    const ro = sandbox.directory('/ro');
    expect(kindOf('kept.txt', { read: true }, ro)).toBe('file');
    expect(kindOf('kept.txt', { read: true, create: true }, ro)).toBe('file');
    expect(kindOf('to-kept', { read: true, create: true }, ro)).toBe('file');
    expect(kindOf('dir', { read: true, directory: true }, ro)).toBe('directory');
    expect(kindOf('kept.txt', { write: true }, ro)).toBe('ROFS');
    expect(kindOf('to-kept', { write: true }, ro)).toBe('ROFS');
    expect(kindOf('kept.txt', { read: true, truncate: true }, ro)).toBe('ROFS');
    expect(kindOf('kept.txt', { ...CREATE, exclusive: true }, ro)).toBe('EXIST');
    expect(kindOf('new', CREATE, ro)).toBe('ROFS');
    expect(kindOf('dangling', CREATE, ro)).toBe('ROFS');
    expect(kindOf('new', { write: true }, ro)).toBe('NOENT');
    expect(kindOf('dir', { write: true }, ro)).toBe('ISDIR');
    expect(readFileSync(sandbox.at('readonly/kept.txt'), 'utf8')).toBe('kept');
    expect(existsSync(sandbox.at('readonly/new'))).toBe(false);
  });

  it('opens devices by name, without a host file', () => {
    make('tree');
    const open = (name: string, options = {}) =>
      sandbox.files.open(sandbox.root, `/dev/${name}`, { follow: true, read: true, write: true, ...options });
    for (const name of ['null', 'zero', 'full', 'urandom', 'tty', 'stdin', 'stdout', 'stderr']) {
      expect(open(name)).toMatchObject({ kind: 'device', device: name, hostFd: -1, path: `/dev/${name}` });
    }
    expect(open('random')).toMatchObject({ kind: 'device', device: 'urandom' });
    expect(open('null', { create: true, truncate: true }).kind).toBe('device');
    expect(kindOf('/dev/null', { ...CREATE, exclusive: true })).toBe('EXIST');
    expect(kindOf('/dev/null', { directory: true })).toBe('NOTDIR');
    expect(kindOf('/dev/new', CREATE)).toBe('ROFS');
    expect(kindOf('/dev', { read: true })).toBe('directory');
    expect(sandbox.files.statOf(open('null')).filetype).toBe(FileType.CHARACTER_DEVICE);
  });

  it('never waits on a FIFO or a socket of the host', async () => {
    make('preopens');
    execFileSync('mkfifo', [sandbox.at('box/fifo')]);
    for (const mode of [{ read: true }, { write: true }, { read: true, write: true }]) {
      expect(kindOf('fifo', mode)).toBe('NOTSUP');
    }
    const server = createServer().listen(sandbox.at('box/socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(kindOf('socket', { read: true })).toBe('NOTSUP');
    await new Promise((resolve) => server.close(resolve));
  });

  it('tells a character device of the host from a file', () => {
    make('preopens');
    if (process.getuid?.() !== 0) return;
    execFileSync('mknod', [sandbox.at('box/null'), 'c', '1', '3']);
    expect(kindOf('null', { read: true, write: true })).toBe('character');
  });
});
