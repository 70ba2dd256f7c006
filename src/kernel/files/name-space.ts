import type { OpenedFileTreeConfig, SharedCell } from './config.js';
import { hostDirectories } from './host-directories.js';
import type { HostDirectories, HostRoot } from './host-directory.js';
import { type Mount, type MountTable, mountTableOf } from './mount-table.js';
import { Scratch } from './scratch.js';

/** What resolving a path needs to know. Each worker builds its own from the same configuration. */
export class NameSpace {
  readonly config: OpenedFileTreeConfig;
  readonly table: MountTable;
  readonly scratch: Scratch;
  readonly host: HostDirectories;
  readonly #hostRoots: readonly HostRoot[];

  constructor(config: OpenedFileTreeConfig, cell: SharedCell, host?: HostDirectories) {
    this.config = config;
    this.table = mountTableOf(config);
    this.scratch = new Scratch(this.table, cell);
    this.host = host ?? hostDirectories(config.procPrefix);
    this.#hostRoots = config.hostFds.map((fd, index) => ({ fd, path: config.hostPaths[index]! }));
  }

  /** The host directory of a mount; undefined for devices and for scratch nothing has been written to. */
  rootOf(mount: Mount): HostRoot | undefined {
    switch (mount.kind) {
      case 'host':
        return this.#hostRoots[mount.index];
      case 'scratch':
        return this.scratch.rootOf(mount.index);
      case 'device':
      case 'commands':
        return undefined;
    }
  }
}
