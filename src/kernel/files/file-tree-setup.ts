/** The beginning and the end of a run's files. Host side: once per run, not per worker. */
import { closeSync, realpathSync, statSync } from 'node:fs';
import type { FileTreeConfig, OpenedFileTreeConfig, SharedCell } from './config.js';
import { discardScratch, openHostDirectory } from './scratch.js';

/**
 * Opens the host directories of a configuration. The result is plain data for `new FileTree` in any worker.
 * Throws an Error that names the host directory when one is missing or is no directory.
 */
export function openFileTree(config: FileTreeConfig): OpenedFileTreeConfig {
  const hostFds: number[] = [];
  const hostPaths: string[] = [];
  try {
    for (const { kind, host } of config.mounts) {
      const path = kind === 'host' ? realDirectory(host) : '';
      hostPaths.push(path);
      hostFds.push(path === '' ? -1 : openHostDirectory(path));
    }
  } catch (error) {
    closeAll(hostFds);
    throw error;
  }
  return { ...config, hostFds, hostPaths };
}

/**
 * Closes what `openFileTree` opened and removes the run's private directories with all they hold. To be called
 * when no thread of the run is left.
 */
export function closeFileTree(config: OpenedFileTreeConfig, cell: SharedCell): void {
  closeAll(config.hostFds);
  discardScratch(cell);
}

function closeAll(hostFds: readonly number[]): void {
  for (const fd of hostFds) if (fd !== -1) closeSync(fd);
}

function realDirectory(host: string): string {
  const stats = statSync(host, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`the directory ${host} does not exist`);
  if (!stats.isDirectory()) throw new Error(`${host} is not a directory`);
  return realpathSync.native(host);
}
