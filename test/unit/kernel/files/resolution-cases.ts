/** Paths and what they lead to, as data: run against both ways of holding host directories. */
import type { FileTreeConfig } from '../../../../src/kernel/files/config.js';

export interface ResolutionCase {
  readonly path: string;
  /** Size in bytes of the file found, `'directory'`, `'link'`, `'device'`, or an errno name. */
  readonly found: number | 'directory' | 'link' | 'device' | string;
  readonly nofollow?: true;
  /** Directory to start from, opened first; the first preopen when left out. */
  readonly from?: string;
}

/** What holds beneath a granted directory, whatever the view. */
const everywhere: readonly ResolutionCase[] = [
  { path: 'file.txt', found: 5 },
  { path: './/./file.txt', found: 5 },
  { path: 'sub/inner.txt', found: 5 },
  { path: 'sub/../file.txt', found: 5 },
  { path: 'sub/deep/../../sub/inner.txt', found: 5 },
  { path: '.', found: 'directory' },
  { path: 'sub/..', found: 'directory' },
  { path: 'naïve-日本', found: 4 },
  { path: 'to-file', found: 5 },
  { path: 'to-file', nofollow: true, found: 'link' },
  { path: 'to-sub', nofollow: true, found: 'link' },
  { path: 'to-sub/inner.txt', nofollow: true, found: 5 },
  { path: 'to-sub/deep/../inner.txt', found: 5 },
  { path: 'to-sub/../file.txt', found: 5 },
  { path: 'chain/inner.txt', found: 5 },
  { path: 'to-sub-slash', found: 'directory' },
  { path: 'to-sub-slash/inner.txt', found: 5 },
  { path: 'up-and-back', found: 5 },
  { path: 'sub/to-parent-file', found: 5 },
  // Trailing slashes ask for a directory and follow a last link.
  { path: 'sub/', found: 'directory' },
  { path: 'to-sub/', nofollow: true, found: 'directory' },
  { path: 'to-sub/.', nofollow: true, found: 'directory' },
  { path: 'file.txt/', found: 'NOTDIR' },
  { path: 'file.txt/.', found: 'NOTDIR' },
  { path: 'to-file/', nofollow: true, found: 'NOTDIR' },
  { path: 'to-file-slash', found: 'NOTDIR' },
  { path: 'to-file-slash', nofollow: true, found: 'link' },
  { path: 'nothing/', found: 'NOENT' },
  // Files are no directories.
  { path: 'file.txt/x', found: 'NOTDIR' },
  { path: 'file.txt/..', found: 'NOTDIR' },
  { path: 'to-file/x', found: 'NOTDIR' },
  { path: 'nothing/x', found: 'NOENT' },
  { path: 'nothing/..', found: 'NOENT' },
  // Links that lead nowhere.
  { path: 'dangling', found: 'NOENT' },
  { path: 'dangling', nofollow: true, found: 'link' },
  { path: 'dangling/', nofollow: true, found: 'NOENT' },
  { path: 'dangling-deep', found: 'NOENT' },
  { path: 'loop-a', found: 'LOOP' },
  { path: 'loop-a', nofollow: true, found: 'link' },
  { path: 'loop-a/x', nofollow: true, found: 'LOOP' },
  { path: 'self', found: 'LOOP' },
  // Text that is no path.
  { path: '', found: 'NOENT' },
  { path: 'file.txt\0', found: 'INVAL' },
  { path: 'x'.repeat(255), found: 'NOENT' },
  { path: 'x'.repeat(256), found: 'NAMETOOLONG' },
  { path: `${'é'.repeat(128)}/x`, found: 'NAMETOOLONG' },
  { path: './'.repeat(600_000), found: 'NAMETOOLONG' },
  { path: `${'./'.repeat(500_000)}file.txt`, found: 5 },
  // More directories than a walk keeps open, and back.
  { path: `${'sub/deep/../../'.repeat(50)}file.txt`, found: 5 },
];

const preopens: readonly ResolutionCase[] = [
  ...everywhere,
  { path: '..', found: 'NOTCAPABLE' },
  { path: '../box/file.txt', found: 'NOTCAPABLE' },
  { path: 'sub/../../outside/secret.txt', found: 'NOTCAPABLE' },
  { path: '/', found: 'NOTCAPABLE' },
  { path: '/etc/passwd', found: 'NOTCAPABLE' },
  { path: 'escape-up', nofollow: true, found: 'link' },
  { path: 'escape-up', found: 'NOTCAPABLE' },
  { path: 'escape-up/secret.txt', found: 'NOTCAPABLE' },
  { path: 'escape-file', found: 'NOTCAPABLE' },
  { path: 'escape-chain/secret.txt', found: 'NOTCAPABLE' },
  { path: 'escape-absolute/secret.txt', found: 'NOTCAPABLE' },
  { path: 'magic-root/etc/passwd', found: 'NOTCAPABLE' },
  { path: 'magic-cwd', found: 'NOTCAPABLE' },
  { path: 'guest-absolute', found: 'NOTCAPABLE' },
  // A directory opened beneath a preopen is a capability of its own.
  { from: 'sub', path: 'inner.txt', found: 5 },
  { from: 'sub', path: '../file.txt', found: 'NOTCAPABLE' },
  { from: 'sub', path: 'to-parent-file', found: 'NOTCAPABLE' },
];

const tree: readonly ResolutionCase[] = [
  ...everywhere.map((one) => ({ ...one, from: '/box' })),
  { path: '/', found: 'directory' },
  { path: '..', found: 'directory' },
  { path: '/../../..', found: 'directory' },
  { path: '/box/file.txt', found: 5 },
  { path: '../../box/file.txt', found: 5 },
  { from: '/box/sub', path: '/box/file.txt', found: 5 },
  { from: '/box/sub', path: '../file.txt', found: 5 },
  { from: '/box/sub/deep', path: '../../../box/sub/inner.txt', found: 5 },
  { from: '/box/sub/deep', path: '../../../../../../ro/kept.txt', found: 4 },
  // Links are read in the guest's tree: none leads to the host's.
  { path: '/box/guest-absolute', found: 5 },
  { path: '/box/escape-up', found: 'NOENT' },
  { path: '/box/escape-up/secret.txt', found: 'NOENT' },
  { path: '/box/escape-file', found: 'NOENT' },
  { path: '/box/escape-chain/secret.txt', found: 'NOENT' },
  { path: '/box/escape-absolute/secret.txt', found: 'NOENT' },
  { path: '/box/magic-root', found: 'NOENT' },
  { path: '/box/magic-root/etc/passwd', found: 'NOENT' },
  { path: '/outside/secret.txt', found: 'NOENT' },
  { path: '/etc/passwd', found: 'NOENT' },
  // Mount points, and directories on the way to them that no host directory backs.
  { path: '/box/sub/nested/in-nested.txt', found: 6 },
  { path: '/box/to-sub/nested/in-nested.txt', found: 6 },
  { path: '/box/sub/nested/../inner.txt', found: 5 },
  { path: '/box/sub/nested/../../../ro/kept.txt', found: 4 },
  { path: '/box/missing', found: 'directory' },
  { path: '/box/missing/', found: 'directory' },
  { path: '/box/missing/point', found: 'directory' },
  { path: '/box/missing/other', found: 'NOENT' },
  { path: '/box/missing/../file.txt', found: 5 },
  { from: '/box/missing', path: '../file.txt', found: 5 },
  { from: '/box/missing', path: 'point', found: 'directory' },
  { path: '/very', found: 'directory' },
  { path: '/very/far', found: 'directory' },
  { path: '/very/far/away/far.txt', found: 3 },
  { path: '/very/near', found: 'NOENT' },
  { from: '/very/far', path: 'away/far.txt', found: 3 },
  { from: '/very/far/away', path: '../../../box/file.txt', found: 5 },
  // What a Unix program expects to be there.
  { path: '/tmp', found: 'directory' },
  { path: '/bin/', found: 'directory' },
  { path: '/tmp/x', found: 'NOENT' },
  { path: '/tmp/../box/file.txt', found: 5 },
  { path: '/dev', found: 'directory' },
  { path: '/dev/null', found: 'device' },
  { path: '/dev/../dev/urandom', found: 'device' },
  { from: '/dev', path: 'tty', found: 'device' },
  { path: '/dev/null/', found: 'NOTDIR' },
  { path: '/dev/null/x', found: 'NOTDIR' },
  { path: '/dev/sda', found: 'NOENT' },
];

export const resolutionCases: Readonly<Record<FileTreeConfig['view'], readonly ResolutionCase[]>> = {
  preopens,
  tree,
};
