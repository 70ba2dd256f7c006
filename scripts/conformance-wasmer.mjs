// Adapters of Wasmer's runtimes for Node (conformance-runtimes.mjs says what an adapter is), pinned in test/oracles.
import { fileURLToPath } from 'node:url';
import { foreignSkip, unprivileged } from './conformance-runtimes.mjs';
import { installPeers, peerFile, peerVersion } from './peers.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Why the package cannot be used, after an attempt to install it; undefined when it can. */
function prepare(specifier) {
  try {
    installPeers();
  } catch (error) {
    return `npm ci in test/oracles failed: ${error.message.split('\n')[0]}`;
  }
  return peerFile(specifier) ? undefined : `${specifier} is not among what npm ci installed in test/oracles`;
}

const command = (script, specifier) => (run) => ({
  file: process.execPath,
  args: ['--no-warnings', path(script), peerFile(specifier), JSON.stringify(run)],
  identity: unprivileged(),
});

/** The JavaScript host of Wasmer's first years, on the files of the host. It keeps nobody in what is granted. */
export const wasmerWasi = {
  name: `@wasmer/wasi ${peerVersion('@wasmer/wasi')}`,
  strict: false,
  prepare: () => prepare('@wasmer/wasi'),
  skip: (fixture) => foreignSkip(fixture, ['wasi_snapshot_preview1', 'wasi_unstable']),
  command: command('conformance-wasmer-wasi.mjs', '@wasmer/wasi'),
};

const SDK_IMPORTS = ['wasi_snapshot_preview1', 'wasi_unstable', 'wasix_32v1', 'wasi', 'env'];

function sdkSkip(fixture) {
  const reason = foreignSkip(fixture, SDK_IMPORTS);
  if (reason !== undefined) return reason;
  if ((fixture.spec.dirs ?? []).length > 0) return 'it takes files into one folder of its own only';
  return fixture.spec.stdin_open ? 'standard input is given as a whole' : undefined;
}

/** Wasmer itself as WebAssembly, with threads in workers and a file system of its own, in memory. */
export const wasmerSdk = {
  name: `@wasmer/sdk ${peerVersion('@wasmer/sdk')}`,
  strict: false,
  prepare: () => prepare('@wasmer/sdk/node'),
  skip: sdkSkip,
  command: command('conformance-wasmer-sdk.mjs', '@wasmer/sdk/node'),
};
