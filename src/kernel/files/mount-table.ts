/**
 * Where the parts of the guest's name space come from, derived from the configuration alone, so that every worker
 * computes the same table.
 *
 * Besides the granted mounts, view `tree` has a scratch mount at `/` and the devices at `/dev`, unless a granted
 * mount takes those places. Some directories exist although no host directory does:
 * a junction is a mount point or a directory on the way to one; it shows up wherever it is and cannot be removed.
 * Mapped commands lie in `/bin` over whatever is there (commands.ts).
 * A fixed entry is a device, or a directory that a scratch mount shows before it exists on the host.
 */
import { FileType } from '../../abi/filetype.js';
import type { FileTreeConfig } from './config.js';
import { type DeviceName, deviceEntries } from './devices.js';
import { canonicalPath, componentsOf, joinPath, parentOf } from './path-text.js';

export interface Mount {
  /** Its index in the table; the granted mounts have those of the configuration. */
  readonly index: number;
  /** Canonical path of its root: from the guest's root in view `tree`, `/` in view `preopens`. */
  readonly root: string;
  readonly kind: 'host' | 'scratch' | 'device' | 'commands';
  readonly readOnly: boolean;
}

/** A directory or device that the guest sees without a host file. */
export interface VirtualNode {
  readonly filetype: FileType;
  /** Inode number, unique among virtual nodes. */
  readonly ino: number;
  readonly device: DeviceName | undefined;
}

/** Where mapped commands are. */
const COMMANDS = '/bin';

type NodesByName = Map<string, VirtualNode>;

export class MountTable {
  readonly mounts: readonly Mount[];
  /** The mount at `/`; undefined in view `preopens`, where every mount has its own root. */
  readonly rootMount: Mount | undefined;
  /** What the mapped commands count as: files of another file system, for reading only. */
  readonly commandMount: Mount | undefined;
  readonly #commands: ReadonlyMap<string, number>;
  readonly #points = new Map<string, Mount>();
  readonly #junctions = new Map<string, NodesByName>();
  readonly #fixed = new Map<string, NodesByName>();
  readonly #fixedDirectories: string[] = [];
  #lastIno = 1;

  constructor(config: FileTreeConfig) {
    const tree = config.view === 'tree';
    const granted = config.mounts.map(
      (mount, index): Mount => ({
        index,
        root: tree ? canonicalPath(mount.guest) : '/',
        kind: mount.kind === 'tmpfs' ? 'scratch' : 'host',
        readOnly: mount.readOnly,
      }),
    );
    const mounts = tree ? withDefaults(granted) : granted;
    const commands = tree ? (config.commands ?? []) : [];
    this.#commands = new Map(commands.map(({ name }, index) => [name, index]));
    if (commands.length > 0)
      this.commandMount = { index: mounts.length, root: COMMANDS, kind: 'commands', readOnly: true };
    this.mounts = this.commandMount ? [...mounts, this.commandMount] : mounts;
    if (!tree) return;
    for (const mount of mounts) this.#points.set(mount.root, mount);
    this.rootMount = this.#points.get('/')!;
    for (const path of this.#points.keys()) this.#addJunctions(path);
    if (this.commandMount) this.#addJunctions(COMMANDS);
    this.#addFixedDirectories(canonicalPath(config.cwd));
    if (this.#points.get('/dev')!.kind === 'device') this.#addDevices();
  }

  /** The mount whose root is at `path`, in view `tree`. */
  mountAt(path: string): Mount | undefined {
    return this.#points.get(path);
  }

  /** The mount points, and directories on the way to some, that lie directly in the directory at `path`. */
  junctionsIn(path: string): ReadonlyMap<string, VirtualNode> | undefined {
    return this.#junctions.get(path);
  }

  /** Devices, and the directories of scratch mounts before they exist on the host, directly in `path`. */
  fixedIn(path: string): ReadonlyMap<string, VirtualNode> | undefined {
    return this.#fixed.get(path);
  }

  /** The mapped commands in the directory `path`, with their indexes in the configuration. */
  commandsIn(path: string): ReadonlyMap<string, number> | undefined {
    return path === COMMANDS && this.#commands.size > 0 ? this.#commands : undefined;
  }

  /** The device with the canonical path `path`. */
  deviceAt(path: string): VirtualNode | undefined {
    const node = this.fixedIn(parentOf(path))?.get(path.slice(path.lastIndexOf('/') + 1));
    return node?.device === undefined ? undefined : node;
  }

  /** The directories which a scratch mount starts with, below its root (`/a/b`), parents before children. */
  initialDirectoriesOf(mount: Mount): string[] {
    const under = mount.root === '/' ? '' : mount.root;
    return this.#fixedDirectories
      .filter((path) => this.#mountOf(path) === mount)
      .map((path) => path.slice(under.length));
  }

  #mountOf(path: string): Mount {
    return this.#points.get(path) ?? this.#mountOf(parentOf(path));
  }

  #addJunctions(path: string): void {
    for (let at = path; at !== '/'; at = parentOf(at)) this.#add(this.#junctions, at, undefined);
  }

  #addFixedDirectories(cwd: string): void {
    const wanted = [cwd, ...[...this.#points.keys()].map(parentOf)];
    if (this.rootMount!.kind === 'scratch') wanted.push('/tmp', '/bin');
    for (const path of wanted) {
      let at = '/';
      for (const name of componentsOf(path)) {
        at = joinPath(at, name);
        if (this.#points.has(at) || this.#mountOf(at).kind !== 'scratch') continue;
        if (this.#add(this.#fixed, at, undefined)) this.#fixedDirectories.push(at);
      }
    }
  }

  #addDevices(): void {
    for (const [name, device] of Object.entries(deviceEntries))
      this.#add(this.#fixed, `/dev/${name}`, device);
  }

  #add(index: Map<string, NodesByName>, path: string, device: DeviceName | undefined): boolean {
    const parent = parentOf(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const nodes = index.get(parent) ?? new Map<string, VirtualNode>();
    index.set(parent, nodes);
    if (nodes.has(name)) return false;
    const filetype = device === undefined ? FileType.DIRECTORY : FileType.CHARACTER_DEVICE;
    nodes.set(name, { filetype, ino: ++this.#lastIno, device });
    return true;
  }
}

function withDefaults(granted: readonly Mount[]): Mount[] {
  const mounts = [...granted];
  const taken = (root: string) => granted.some((mount) => mount.root === root);
  if (!taken('/')) mounts.push({ index: mounts.length, root: '/', kind: 'scratch', readOnly: false });
  if (!taken('/dev')) mounts.push({ index: mounts.length, root: '/dev', kind: 'device', readOnly: true });
  return mounts;
}

/** Inode number of a virtual directory that is in no other directory: the root. */
export const ROOT_INO = 1;

const tables = new WeakMap<FileTreeConfig, MountTable>();

/** The mount table of a configuration: it follows from it alone, so programs that follow one another share it. */
export function mountTableOf(config: FileTreeConfig): MountTable {
  let table = tables.get(config);
  if (!table) {
    table = new MountTable(config);
    tables.set(config, table);
  }
  return table;
}
