import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrivateDirectory } from '../../../../src/runtime/reactor/private-directory.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-private-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe.runIf(process.platform === 'linux')('a private directory', () => {
  it('is for the owner alone, and is removed with what is in it', () => {
    const directory = new PrivateDirectory([]);
    const path = directory.freshPath();
    expect(dirname(dirname(path))).toBe(tmpdir());
    expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700);
    writeFileSync(path, '');
    expect(directory.freshPath()).not.toBe(path);
    directory.remove();
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is not made where the program can write, by whatever name it has that', () => {
    const alias = join(folder, 'alias');
    symlinkSync(tmpdir(), alias);
    for (const writable of [[tmpdir()], [folder, `${alias}/.`]]) {
      const directory = new PrivateDirectory(writable);
      expect(directory.freshPath().startsWith(`${tmpdir()}/`)).toBe(false);
      directory.remove();
    }
    expect(() => new PrivateDirectory(['/']).freshPath()).toThrow('no place');
  });

  it('leads to a directory for the length of a call, and never after', () => {
    const directory = new PrivateDirectory([]);
    const fd = openSync(folder, 'r');
    let kept = '';
    const found = directory.through(fd, (path) => {
      kept = path;
      writeFileSync(join(path, 'file'), 'text');
      return existsSync(join(folder, 'file'));
    });
    expect([found, existsSync(kept)]).toEqual([true, false]);
    const fail = () => {
      throw new Error('in between');
    };
    expect(() => directory.through(fd, fail)).toThrow('in between');
    closeSync(fd);
    directory.remove();
    expect(existsSync(dirname(kept))).toBe(false);
  });
});
