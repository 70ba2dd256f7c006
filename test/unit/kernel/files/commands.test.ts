/** Mapped commands: files of the host in the guest's /bin, over whatever the guest has there, for reading only. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import type { FileTreeConfig, MountConfig } from '../../../../src/kernel/files/config.js';
import { FileTree } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree, openFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import type { OpenOptions } from '../../../../src/kernel/files/open.js';
import { LocalCell, outcome, resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let done: () => void = () => undefined;

afterEach(() => {
  done();
  done = () => undefined;
  sandbox.dispose();
});

const reading: OpenOptions = { follow: true, read: true };

describe.each(resolvers)('mapped commands, $resolver', ({ host }) => {
  const make = (mounts: readonly Pick<MountConfig, 'guest' | 'host'>[] = []): FileTree => {
    writeFileSync(sandbox.at('tool'), 'the tool');
    const config: FileTreeConfig = {
      view: 'tree',
      cwd: '/',
      mounts: mounts.map((mount) => ({ ...mount, readOnly: false, kind: 'host' })),
      commands: [{ name: 'tool', host: sandbox.at('tool') }],
    };
    const cell = new LocalCell();
    const opened = openFileTree(config);
    done = () => closeFileTree(opened, cell);
    return new FileTree(opened, cell, host);
  };
  const start = () => {
    sandbox = new Sandbox('tree', host);
  };
  const names = (files: FileTree, path: string) =>
    files.readDirectory(files.directoryAt(path)).map(({ name }) => name.toString());
  const contents = (files: FileTree): string => {
    const { hostFd } = files.open(files.directoryAt('/'), '/bin/tool', reading);
    const bytes = Buffer.alloc(20);
    const count = readSync(hostFd, bytes, 0, 20, 0);
    closeSync(hostFd);
    return bytes.toString('utf8', 0, count);
  };

  it('are regular files that can be read, each time anew', () => {
    start();
    const files = make();
    expect(names(files, '/bin')).toEqual(['.', '..', 'tool']);
    const status = files.stat(files.directoryAt('/bin'), 'tool', true);
    expect(status).toMatchObject({ filetype: FileType.REGULAR_FILE, size: 8n });
    expect([contents(files), contents(files)]).toEqual(['the tool', 'the tool']);
    expect(existsSync(sandbox.at('tool'))).toBe(true);
  });

  it('are the files that were mapped, whatever comes to be at their path', () => {
    start();
    const files = make();
    renameSync(sandbox.at('tool'), sandbox.at('moved'));
    symlinkSync('/etc/passwd', sandbox.at('tool'));
    expect(outcome(() => contents(files))).toBe(host.anchored ? 'the tool' : 'NOENT');
  });

  it('lie over the /bin of a granted directory, or are in one that it lacks', () => {
    start();
    const granted = sandbox.at('granted');
    mkdirSync(`${granted}/bin`, { recursive: true });
    writeFileSync(`${granted}/bin/other`, 'other');
    writeFileSync(`${granted}/bin/tool`, 'hidden');
    const places = [[{ guest: '/', host: granted }], [{ guest: '/bin', host: `${granted}/bin` }]];
    for (const mounts of places) {
      const files = make(mounts);
      expect(names(files, '/bin')).toEqual(['.', '..', 'other', 'tool']);
      expect(contents(files)).toBe('the tool');
      const root = files.directoryAt('/');
      expect(outcome(() => files.unlink(root, '/bin/tool'))).toBe('ROFS');
      expect(outcome(() => files.rename(root, '/bin/other', root, '/bin/tool'))).toBe('ROFS');
      expect(outcome(() => files.link(root, '/bin/tool', false, root, '/bin/new'))).toBe('XDEV');
      expect(outcome(() => files.setTimes(root, '/bin/tool', true, 0n, 0n))).toBe('ROFS');
      expect(readFileSync(`${granted}/bin/tool`, 'utf8')).toBe('hidden');
      done();
    }
    rmSync(`${granted}/bin`, { recursive: true });
    const files = make([{ guest: '/', host: granted }]);
    expect(names(files, '/')).toContain('bin');
    expect(names(files, '/bin')).toEqual(['.', '..', 'tool']);
    expect(contents(files)).toBe('the tool');
    expect(existsSync(`${granted}/bin`)).toBe(false);
  });

  it('are not written, made, replaced or gone through', () => {
    start();
    const files = make();
    const root = files.directoryAt('/');
    const opening = (path: string, options: Partial<OpenOptions>) =>
      outcome(() => files.open(root, path, { follow: true, ...options }));
    expect(opening('/bin/tool', { write: true })).toBe('ROFS');
    expect(opening('/bin/tool', { read: true, truncate: true })).toBe('ROFS');
    expect(opening('/bin/tool', { read: true, create: true, exclusive: true })).toBe('EXIST');
    expect(opening('/bin/tool', { read: true, directory: true })).toBe('NOTDIR');
    expect(opening('/bin/tool/', { read: true })).toBe('NOTDIR');
    expect(opening('/bin/tool/../tool', { read: true })).toBe('NOTDIR');
    expect(outcome(() => files.removeDirectory(root, '/bin/tool'))).toBe('ROFS');
    expect(outcome(() => files.removeDirectory(root, '/bin'))).toBe('BUSY');
    expect(outcome(() => files.makeDirectory(root, '/bin/tool'))).toBe('EXIST');
    expect(outcome(() => files.symlink('x', root, '/bin/tool'))).toBe('EXIST');
    expect(outcome(() => files.readlink(root, '/bin/tool'))).toBe('INVAL');
    const opened = files.open(root, '/bin/tool', reading);
    expect(outcome(() => files.setTimesOf(opened, 0n, 0n))).toBe('ROFS');
    closeSync(opened.hostFd);
    expect(readFileSync(sandbox.at('tool'), 'utf8')).toBe('the tool');
  });

  it('must be files that exist', () => {
    start();
    for (const wrong of ['box', 'missing']) {
      const commands = [{ name: 'x', host: sandbox.at(wrong) }];
      expect(() => openFileTree({ view: 'tree', cwd: '/', mounts: [], commands })).toThrow(sandbox.at(wrong));
    }
  });
});
