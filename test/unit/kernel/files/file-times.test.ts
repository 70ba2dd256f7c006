import { closeSync, lstatSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { resolvers, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

describe.each(resolvers)('file times, $resolver', ({ host }) => {
  it('are kept to the microsecond', () => {
    sandbox = new Sandbox('preopens', host);
    const { files, root } = sandbox;
    for (let i = 0; i < 500; i++) {
      const microseconds = 1_700_000_000_000_000n + BigInt(i) * 7_919_123_457n;
      files.setTimes(root, 'file.txt', true, microseconds * 1000n, microseconds * 1000n + 999n);
      const { atim, mtim } = files.stat(root, 'file.txt', true);
      expect([atim / 1000n, mtim / 1000n]).toEqual([microseconds, microseconds]);
    }
    files.setTimes(root, 'file.txt', true, 0n, 4_000_000_000_000_000_000n);
    expect(files.stat(root, 'file.txt', true)).toMatchObject({ atim: 0n, mtim: 4_000_000_000_000_000_000n });
  });

  it('stay when they are not to be set', () => {
    sandbox = new Sandbox('preopens', host);
    const { files, root } = sandbox;
    files.setTimes(root, 'file.txt', true, 5_000_000n, 1_700_000_000_123_456_000n);
    files.setTimes(root, 'file.txt', true, 7_000_000_000n, undefined);
    const { atim, mtim } = files.stat(root, 'file.txt', true);
    // Newer Node passes on what the double holds beyond the microsecond.
    expect([atim, mtim / 1000n]).toEqual([7_000_000_000n, 1_700_000_000_123_456n]);
    const opened = files.open(root, 'file.txt', { follow: true, read: true });
    files.setTimesOf(opened, undefined, 9_000_000_000n);
    expect(files.statOf(opened)).toMatchObject({ atim: 7_000_000_000n, mtim: 9_000_000_000n });
    closeSync(opened.hostFd);
    const before = files.stat(root, 'file.txt', true);
    files.setTimes(root, 'file.txt', true, undefined, undefined);
    expect(files.stat(root, 'file.txt', true)).toEqual(before);
  });

  it('are those of the link or of what it points to, as asked', () => {
    sandbox = new Sandbox('preopens', host);
    const { files, root } = sandbox;
    const target = files.stat(root, 'file.txt', true).mtim;
    files.setTimes(root, 'to-file', false, undefined, 1_000_000_000n);
    expect(lstatSync(sandbox.at('box/to-file'), { bigint: true }).mtimeNs).toBe(1_000_000_000n);
    expect(files.stat(root, 'file.txt', true).mtim).toBe(target);
    files.setTimes(root, 'to-file', true, undefined, 2_000_000_000n);
    expect(files.stat(root, 'file.txt', true).mtim).toBe(2_000_000_000n);
    files.setTimes(root, 'sub/.', true, undefined, 3_000_000_000n);
    files.setTimesOf(sandbox.directory('empty'), undefined, 4_000_000_000n);
    expect(files.stat(root, 'sub', true).mtim).toBe(3_000_000_000n);
    expect(files.stat(root, 'empty', true).mtim).toBe(4_000_000_000n);
  });

  it('never reach a file outside', () => {
    sandbox = new Sandbox('preopens', host);
    const before = lstatSync(sandbox.at('outside/secret.txt')).mtimeMs;
    expect(() => sandbox.files.setTimes(sandbox.root, 'escape-file', true, 0n, 0n)).toThrow();
    expect(lstatSync(sandbox.at('outside/secret.txt')).mtimeMs).toBe(before);
  });
});
