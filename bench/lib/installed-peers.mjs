// The peers that are npm packages, at the versions that package.json pins.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = new URL('../', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, bench), 'utf8'));

/** Name → version. */
export const pinnedPeers = () => read('package.json').dependencies;

function isInstalled([name, version]) {
  try {
    return read(`node_modules/${name}/package.json`).version === version;
  } catch {
    return false;
  }
}

/** Installs what is missing. Where that cannot be done, those peers fail later, each with its reason. */
export function installPeers() {
  if (Object.entries(pinnedPeers()).every(isInstalled)) return;
  // None of them needs to build anything.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    execFileSync('npm', args, { cwd: fileURLToPath(bench), stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    process.stderr.write(`the peers of bench/package.json could not be installed: ${error.message}\n`);
  }
}
