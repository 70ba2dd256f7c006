import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { FileTree } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import { outcome, resolvers, Sandbox } from './sandbox.js';

const CREATE = { follow: true, create: true, read: true, write: true } as const;

describe.each(resolvers)('scratch space, $resolver', ({ host }) => {
  let sandbox: Sandbox;

  const make = (view: 'preopens' | 'tree' = 'tree'): Sandbox => {
    sandbox = new Sandbox(view, host);
    return sandbox;
  };

  const scratchPath = () => (JSON.parse(sandbox.cell.value!) as { path: string }).path;

  afterEach(() => sandbox.dispose());

  it('is not made by looking, opening or failing', () => {
    const { files, root } = make();
    files.stat(root, '/tmp', true);
    files.readDirectory(root);
    files.readDirectory(sandbox.directory('/mem'));
    files.changeDirectory('/', 'tmp');
    outcome(() => files.open(root, '/tmp/x', { follow: true, write: true }));
    outcome(() => files.unlink(root, '/tmp/x'));
    outcome(() => files.removeDirectory(root, '/x'));
    outcome(() => files.rename(root, '/x', root, '/y'));
    outcome(() => files.makeDirectory(root, '/tmp'));
    outcome(() => files.symlink('x', root, '/bin'));
    outcome(() => files.open(root, '/tmp', CREATE));
    outcome(() => files.setTimes(root, '/tmp/x', true, 0n, 0n));
    expect(sandbox.cell.value).toBeUndefined();
  });

  it('is made at the first write, for its user alone, and removed at the end', () => {
    make();
    const { hostFd, mount } = sandbox.files.open(sandbox.root, '/new.txt', CREATE);
    writeSync(hostFd, 'text');
    closeSync(hostFd);
    const path = scratchPath();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(path.startsWith(realpathSync(tmpdir()))).toBe(true);
    expect(sandbox.files.stat(sandbox.root, 'new.txt', true).size).toBe(4n);
    expect(sandbox.files.isReadOnly(mount)).toBe(false);
    for (const each of ['/tmp', '/bin', '/very/far', '/mem']) {
      expect(sandbox.files.changeDirectory('/', each)).toBe(each);
    }
    closeFileTree({ ...sandbox.config, hostFds: [] }, sandbox.cell);
    expect(existsSync(path)).toBe(false);
    sandbox.cell.value = undefined;
  });

  it('is seen through directories opened before it was made', () => {
    const { files, root } = make();
    const tmp = sandbox.directory('/tmp');
    const mem = sandbox.directory('/mem');
    expect(tmp.hostFd).toBe(-1);
    files.makeDirectory(tmp, 'a');
    files.makeDirectory(mem, 'b');
    expect(files.readDirectory(tmp).map(({ name }) => name.toString())).toEqual(['.', '..', 'a']);
    expect(files.readDirectory(mem).map(({ name }) => name.toString())).toEqual(['.', '..', 'b']);
    expect(outcome(() => files.stat(tmp, '../mem/b', true).ino > 0n)).toBe(true);
    expect(files.statOf(tmp)).toEqual(files.stat(root, '/tmp', true));
  });

  it('is one and the same for all threads of the run', () => {
    const { root } = make();
    const other = new FileTree(structuredClone(sandbox.config), sandbox.cell, host);
    const third = new FileTree(structuredClone(sandbox.config), sandbox.cell, host);
    other.makeDirectory(root, '/tmp/from-other');
    third.makeDirectory(root, '/tmp/from-other/from-third');
    expect(sandbox.files.changeDirectory('/tmp', 'from-other/from-third')).toBe('/tmp/from-other/from-third');
  });

  it('lets go of the directories that lead to no mount point', () => {
    const { files, root } = make();
    files.removeDirectory(root, '/tmp');
    expect(outcome(() => files.stat(root, '/tmp', true))).toBe('NOENT');
    files.rename(root, '/bin', root, '/sbin');
    expect(files.changeDirectory('/', 'sbin')).toBe('/sbin');
    files.setTimes(root, '/', true, 1_000_000_000n, 2_000_000_000n);
    expect(files.stat(root, '/', true)).toMatchObject({ atim: 1_000_000_000n, mtim: 2_000_000_000n });
  });

  it('backs a tmpfs preopen', () => {
    make('preopens');
    const { directory } = sandbox.roots()[2]!;
    expect(sandbox.files.readDirectory(directory)).toHaveLength(2);
    expect(sandbox.cell.value).toBeUndefined();
    sandbox.files.makeDirectory(directory, 'd');
    const inner = sandbox.directory('d', directory);
    sandbox.files.makeDirectory(inner, 'e');
    expect(sandbox.files.readDirectory(inner)).toHaveLength(3);
    expect(outcome(() => sandbox.files.stat(inner, '..', true))).toBe('NOTCAPABLE');
    expect(outcome(() => sandbox.files.stat(directory, '..', true))).toBe('NOTCAPABLE');
  });
});

describe('removing scratch space', () => {
  it('takes directories their owner may not write to, and follows no link out', async () => {
    const base = mkdtempSync(join(tmpdir(), 'scratch-test-'));
    try {
      chmodSync(base, 0o777);
      const bundle = join(base, 'scratch.mjs');
      const entry = new URL('../../../../src/kernel/files/scratch.ts', import.meta.url).pathname;
      await build({
        entryPoints: [entry],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: bundle,
        logLevel: 'error',
      });
      mkdirSync(join(base, 'kept'));
      writeFileSync(join(base, 'kept/file'), '');
      // Root ignores permissions, so the work is done by someone who does not.
      const script = `
        const fs = require('node:fs');
        const path = ${JSON.stringify(join(base, 'gone'))};
        fs.mkdirSync(path + '/a/b', { recursive: true });
        fs.writeFileSync(path + '/a/b/f', '');
        fs.symlinkSync(${JSON.stringify(join(base, 'kept'))}, path + '/a/link');
        fs.chmodSync(path + '/a/b', 0o500); fs.chmodSync(path + '/a', 0);
        let plain = 'removed'; try { fs.rmSync(path, { recursive: true }); } catch (error) { plain = error.code; }
        import(${JSON.stringify(bundle)}).then(({ removeScratch }) => {
          removeScratch([path, path + '-never-made']);
          process.stdout.write(plain + ' ' + fs.existsSync(path));
        });`;
      const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      const run = spawnSync(process.execPath, ['-e', script], { ...user, encoding: 'utf8', cwd: base });
      expect(run.stderr).toBe('');
      expect(run.stdout).toBe('EACCES false');
      expect(existsSync(join(base, 'kept/file'))).toBe(true);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });

  it('leaves nothing behind when it cannot be made', () => {
    const sandbox = new Sandbox('tree', resolvers[0].host);
    const before = process.env.TMPDIR;
    try {
      process.env.TMPDIR = sandbox.at('outside');
      symlinkSync('nowhere', sandbox.at('not-there'));
      process.env.TMPDIR = sandbox.at('not-there');
      expect(outcome(() => sandbox.files.makeDirectory(sandbox.root, '/x'))).toBe('NOENT');
      expect(sandbox.cell.value).toBeUndefined();
      process.env.TMPDIR = sandbox.at('outside');
      sandbox.files.makeDirectory(sandbox.root, '/x');
      expect(sandbox.cell.value).toContain(sandbox.at('outside'));
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      sandbox.dispose();
    }
  });
});
