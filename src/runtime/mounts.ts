/** The directories a user grants, as mounts of the guest's name space (docs/architecture.md). */
import { isAbsolute, posix, resolve } from 'node:path';
import type { CommandConfig, MountConfig } from '../kernel/files/config.js';
import { LoadError } from './load-error.js';

/** One grant as the user gives it. */
export interface Grant {
  /** Host directory; undefined for a private one that lives as long as the run (`--tmpfs`). */
  readonly host: string | undefined;
  /** Where the guest sees it; the host path as given when left out. */
  readonly guest?: string | undefined;
  readonly readOnly?: boolean;
}

export interface GuestNameSpace {
  readonly mounts: readonly MountConfig[];
  readonly cwd: string;
}

/** Where a relative host directory without a guest path appears in a WASIX program's tree. */
const HOME = '/home';

/**
 * Lays out the guest's name space. Preview1 modules get each grant as a preopen under its name; WASIX modules one
 * tree, in which `.` becomes `/home` and the working directory. Throws LoadError when two grants claim one place.
 */
export function layOutMounts(
  grants: readonly Grant[],
  wasix: boolean,
  cwd: string | undefined,
): GuestNameSpace {
  const mounts = grants.map((grant) => toMount(grant, wasix));
  const seen = new Map<string, MountConfig>();
  for (const mount of mounts) {
    const place = wasix ? mount.guest : posix.normalize(mount.guest);
    const other = seen.get(place);
    if (other) {
      throw new LoadError(
        'bad-option',
        `two directories are mounted at ${place}: ${nameOf(other)} and ${nameOf(mount)}`,
        'give one of them another guest path: --dir HOST::GUEST',
      );
    }
    seen.set(place, mount);
  }
  const home = grants.some((grant) => wasix && goesHome(grant)) ? HOME : '/';
  return { mounts, cwd: posix.resolve('/', cwd ?? home) };
}

/** The programs to be found in the guest's `/bin`. Throws LoadError for what is no name of a file. */
export function layOutCommands(commands: Readonly<Record<string, string>>): CommandConfig[] {
  return Object.entries(commands).map(([name, host]) => {
    if (isFileName(name)) return { name, host: resolve(host) };
    throw new LoadError(
      'bad-option',
      `"${name}" cannot be a command: it is no name of a file`,
      'commands are found as /bin/NAME',
    );
  });
}

/** Longest name of a file, in bytes. */
const NAME_MAX = 255;

function isFileName(name: string): boolean {
  return !['', '.', '..'].includes(name) && !/[/\0]/.test(name) && Buffer.byteLength(name) <= NAME_MAX;
}

function nameOf(mount: MountConfig): string {
  return mount.kind === 'tmpfs' ? 'a tmpfs' : mount.host;
}

function goesHome(grant: Grant): boolean {
  return grant.guest === undefined && grant.host !== undefined && !isAbsolute(grant.host);
}

function toMount(grant: Grant, wasix: boolean): MountConfig {
  const name = grant.guest ?? grant.host ?? '/tmp';
  const guest = wasix ? posix.resolve('/', goesHome(grant) ? HOME : name) : name;
  return {
    guest,
    host: grant.host === undefined ? '' : resolve(grant.host),
    readOnly: grant.readOnly ?? false,
    kind: grant.host === undefined ? 'tmpfs' : 'host',
  };
}
