/** The beginning and the end of a run's files. Host side: once per run, not per worker. */
import { closeSync, constants, openSync, realpathSync, statSync } from 'node:fs';
import type { FileTreeConfig, HostFile, OpenedFileTreeConfig, SharedCell } from './config.js';
import { closeHostDirectories, openHostDirectory } from './host-anchor.js';
import { procPrefix } from './proc-directories.js';
import { discardScratch } from './scratch.js';

/**
 * Opens the host directories and the mapped commands of a configuration. The result is plain data for `new FileTree` in any worker.
 * Throws an Error that names the host directory or file when one is missing or is none.
 */
export function openFileTree(config: FileTreeConfig): OpenedFileTreeConfig {
  const hostFds: number[] = [];
  const hostPaths: string[] = [];
  const commandFiles: HostFile[] = [];
  try {
    for (const { kind, host } of config.mounts) {
      const path = kind === 'host' ? realDirectory(host) : '';
      hostPaths.push(path);
      hostFds.push(path === '' ? -1 : openHostDirectory(path));
    }
    for (const { host } of config.commands ?? []) commandFiles.push(openHostFile(host));
  } catch (error) {
    closeHostFiles({ hostFds, commandFiles });
    throw error;
  }
  return { ...config, hostFds, hostPaths, commandFiles, procPrefix: procPrefix() };
}

/**
 * Closes what `openFileTree` opened and removes the run's private directories with all they hold. To be called
 * when no thread of the run is left.
 */
export function closeFileTree(config: OpenedFileTreeConfig, cell: SharedCell): void {
  closeHostFiles(config);
  discardScratch(cell);
}

/** Closes the descriptors of the host; for a run that has not come to have a tree, that is all there is. */
export function closeHostFiles({
  hostFds,
  commandFiles,
}: Pick<OpenedFileTreeConfig, 'hostFds' | 'commandFiles'>): void {
  for (const { fd } of commandFiles) closeSync(fd);
  closeHostDirectories(hostFds);
}

/** Regular files only: opening another may wait for ever, and reading it too. */
function openHostFile(host: string): HostFile {
  const stats = statSync(host, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`the file ${host} does not exist`);
  if (!stats.isFile()) throw new Error(`${host} is not a regular file`);
  const path = realpathSync.native(host);
  return { fd: openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)), path };
}

function realDirectory(host: string): string {
  const stats = statSync(host, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`the directory ${host} does not exist`);
  if (!stats.isDirectory()) throw new Error(`${host} is not a directory`);
  return realpathSync.native(host);
}
