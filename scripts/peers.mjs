// The other runtimes, pinned in test/oracles/package.json and installed there when they are first asked for.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './load-sources.mjs';

const folder = join(root, 'test/oracles');
const { resolve } = createRequire(join(folder, 'package.json'));

/** Installs what the lock file says, unless it is there already. */
export function installPeers() {
  if (existsSync(join(folder, 'node_modules'))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The file of a module of a peer, such as `@wasmer/sdk/node`; undefined when it is not installed. */
export function peerFile(specifier) {
  try {
    return resolve(specifier);
  } catch {
    return undefined;
  }
}

/** The version that is pinned. */
export function peerVersion(name) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies[name];
}
