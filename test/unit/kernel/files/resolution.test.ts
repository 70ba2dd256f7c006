import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import { FileTree } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree, openFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import { RealpathDirectories } from '../../../../src/kernel/files/realpath-directories.js';
import { resolutionCases } from './resolution-cases.js';
import { bestHost, type Host, LocalCell, outcome, resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

function make(view: 'preopens' | 'tree', host: Host): Sandbox {
  sandbox = new Sandbox(view, host);
  return sandbox;
}

describe.each(resolvers)('paths resolved $resolver', ({ host }) => {
  for (const view of ['preopens', 'tree'] as const) {
    it(`lead to what the view ${view} says, and leave no descriptor open`, () => {
      const { files, root } = make(view, host);
      const results = resolutionCases[view].map(({ path, nofollow, from }) => {
        const start = from === undefined ? root : sandbox.directory(from);
        const before = sandbox.openPaths();
        const found = outcome(() => {
          const status = files.stat(start, path, !nofollow);
          if (status.filetype === FileType.DIRECTORY) return 'directory';
          if (status.filetype === FileType.SYMBOLIC_LINK) return 'link';
          return status.filetype === FileType.CHARACTER_DEVICE ? 'device' : Number(status.size);
        });
        expect(sandbox.openPaths(), path.slice(0, 80)).toEqual(before);
        return { from, path, nofollow, found };
      });
      expect(results).toEqual(
        resolutionCases[view].map(({ from, path, nofollow, found }) => ({ from, path, nofollow, found })),
      );
      expect(sandbox.cell.value, 'looking makes no scratch directory').toBeUndefined();
    });

    it(`opens nothing outside in view ${view}, whatever the link`, () => {
      const { files, root } = make(view, host);
      const start = view === 'tree' ? sandbox.directory('/box') : root;
      const escapes = [
        'escape-up/secret.txt',
        'escape-file',
        'escape-chain/secret.txt',
        'escape-absolute/secret.txt',
      ];
      const before = sandbox.openPaths();
      for (const path of [...escapes, 'magic-root/etc/passwd', 'magic-cwd', '../outside/secret.txt']) {
        for (const mode of [
          { read: true },
          { write: true, create: true },
          { write: true, create: true, exclusive: true },
        ]) {
          const result = outcome(() => files.open(start, path, { follow: true, ...mode }).kind);
          expect(['NOTCAPABLE', 'NOENT', 'EXIST'], path).toContain(result);
        }
      }
      expect(sandbox.openPaths()).toEqual(before);
    });
  }

  it('goes 60 levels down and back without using more than a few descriptors', () => {
    const { files, root } = make('preopens', host);
    const down = Array.from({ length: 60 }, () => 'd').join('/');
    mkdirSync(sandbox.at(`box/${down}`), { recursive: true });
    for (let up = 1; up <= 60; up++) {
      const level = 'd/'.repeat(60 - up);
      writeFileSync(sandbox.at(`box/${level}level`), 'x'.repeat(up));
      expect(Number(files.stat(root, `${down}${'/..'.repeat(up)}/level`, true).size)).toBe(up);
    }
    expect(outcome(() => files.stat(root, `${down}${'/..'.repeat(61)}/box/file.txt`, true))).toBe(
      'NOTCAPABLE',
    );
  });

  it('allows 40 links and no more', () => {
    const { files, root } = make('preopens', host);
    symlinkSync('file.txt', sandbox.at('box/l1'));
    for (let i = 2; i <= 41; i++) symlinkSync(`l${i - 1}`, sandbox.at(`box/l${i}`));
    expect(files.stat(root, 'l40', true).size).toBe(5n);
    expect(outcome(() => files.stat(root, 'l41', true))).toBe('LOOP');
  });
});

describe('directories held by path', () => {
  it('do not lead out when the host puts a link in their place', () => {
    const { files, root } = make('preopens', new RealpathDirectories());
    const deep = sandbox.directory('sub/deep');
    renameSync(sandbox.at('box/sub'), sandbox.at('box/moved'));
    mkdirSync(sandbox.at('outside/deep'));
    writeFileSync(sandbox.at('outside/deep/secret.txt'), 'secret');
    symlinkSync('../outside', sandbox.at('box/sub'));
    expect(outcome(() => files.stat(deep, 'secret.txt', true))).toBe('NOTCAPABLE');
    expect(outcome(() => files.open(deep, 'secret.txt', { follow: true, read: true }))).toBe('NOTCAPABLE');
    expect(outcome(() => files.stat(root, 'sub/deep/secret.txt', true))).toBe('NOTCAPABLE');
    const prefix = { fd: -1, path: sandbox.at('box') };
    expect(outcome(() => new RealpathDirectories().baseOfOpen(-1, prefix, '/../box-too'))).toBe('NOENT');
    mkdirSync(sandbox.at('box-too'));
    expect(outcome(() => new RealpathDirectories().baseOfOpen(-1, prefix, '/../box-too'))).toBe('NOTCAPABLE');
  });
});

describe.runIf(bestHost.anchored)('directories held by descriptor', () => {
  it('stay the same directory when the host moves them, and still do not lead out', () => {
    const { files, root } = make('preopens', bestHost);
    const sub = sandbox.directory('sub');
    renameSync(sandbox.at('box/sub'), sandbox.at('outside/moved'));
    expect(files.stat(sub, 'inner.txt', true).size).toBe(5n);
    expect(outcome(() => files.stat(sub, '../secret.txt', true))).toBe('NOTCAPABLE');
    expect(outcome(() => files.stat(root, 'sub/inner.txt', true))).toBe('NOENT');
  });

  it('lead up by the guest tree and not by where the host moved them', () => {
    const { files } = make('tree', bestHost);
    const sub = sandbox.directory('/box/sub');
    renameSync(sandbox.at('box/sub'), sandbox.at('outside/moved'));
    expect(outcome(() => files.stat(sub, '../secret.txt', true))).toBe('NOENT');
    expect(files.stat(sub, '../file.txt', true).size).toBe(5n);
  });

  it('do not follow the magic links of a granted /proc', () => {
    make('preopens', bestHost);
    const mounts = [{ guest: 'proc', host: '/proc', readOnly: true, kind: 'host' }] as const;
    const opened = openFileTree({ view: 'preopens', cwd: '/', mounts });
    try {
      const files = new FileTree(opened, new LocalCell());
      const proc = { hostFd: -1, mount: 0, path: '/' };
      const links = ['self/root', 'self/cwd', 'self/exe', `self/fd/${opened.hostFds[0]}`, 'self/ns/mnt'];
      for (const path of links) {
        expect(outcome(() => files.stat(proc, path, false).filetype)).toBe(FileType.SYMBOLIC_LINK);
        const refusal = path === 'self/ns/mnt' ? 'NOENT' : 'NOTCAPABLE';
        expect(
          outcome(() => files.open(proc, path, { follow: true, read: true })),
          path,
        ).toBe(refusal);
        expect(
          outcome(() => files.stat(proc, `${path}/`, false)),
          path,
        ).toBe(refusal);
      }
    } finally {
      closeFileTree(opened, new LocalCell());
    }
  });
});
