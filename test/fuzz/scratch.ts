/** What a fuzzed guest may use of the host: a fresh file tree, two programs, some ports of the loopback interface. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunOptions } from '../../src/index.js';

/** So deep that no path of a script leads out of it by `..`. */
const DEPTH = 50;
const PORTS = 3;

/** Ports that were free a moment ago. */
export async function freePorts(): Promise<number[]> {
  const servers = Array.from({ length: PORTS }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export class Scratch {
  readonly #outermost = mkdtempSync(join(tmpdir(), 'wasix-run-fuzz-'));
  readonly #base = join(this.#outermost, 'd/'.repeat(DEPTH));

  /** @param child the module that guests start as `child` */
  constructor(child: Uint8Array) {
    const { box, readOnly } = this.#folders;
    mkdirSync(join(box, 'd/e'), { recursive: true });
    mkdirSync(readOnly, { recursive: true });
    writeFileSync(join(box, 'a'), 'hello, says the file\n');
    writeFileSync(join(box, 'text'), 'no program\n');
    writeFileSync(join(box, 'd/b'), Buffer.alloc(20_000, 'b'));
    symlinkSync('a', join(box, 'link'));
    symlinkSync('loop', join(box, 'loop'));
    symlinkSync('../outside', join(box, 'out'));
    writeFileSync(join(readOnly, 'text'), 'to read\n');
    writeFileSync(join(this.#base, 'child.wasm'), child);
    writeFileSync(join(this.#base, 'broken.wasm'), child.subarray(0, child.length >> 1));
  }

  get #folders() {
    return { box: join(this.#base, 'box'), readOnly: join(this.#base, 'read') };
  }

  /** Grants it all; to programs of preview1, which can start none, not the programs. */
  options(ports: readonly number[], wasix: boolean): RunOptions {
    const { box, readOnly } = this.#folders;
    const commands = { child: join(this.#base, 'child.wasm'), broken: join(this.#base, 'broken.wasm') };
    const addresses = ports.flatMap((port) => [`127.0.0.1:${port}`, `[::1]:${port}`]);
    return {
      dirs: [
        { host: box, guest: '/data' },
        { host: readOnly, guest: '/read', readOnly: true },
      ],
      ...(wasix && { commands, cwd: '/data' }),
      net: { connect: addresses, listen: addresses },
    };
  }

  /** What was made beside the granted folders, or in the one that is read-only: nothing, as it should be. */
  strays(): string[] {
    const { readOnly } = this.#folders;
    const known = new Set(['box', 'read', 'child.wasm', 'broken.wasm']);
    const beside = readdirSync(this.#base).filter((name) => !known.has(name));
    return [...beside, ...readdirSync(readOnly).filter((name) => name !== 'text')];
  }

  dispose(): void {
    rmSync(this.#outermost, { recursive: true });
  }
}
