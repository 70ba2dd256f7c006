/**
 * Where `@wasmer/wasi` 0.12 is known to answer otherwise, and why ours is the answer to keep. It is the host of Wasmer's
 * first years: it joins paths as text and hands them to `node:fs`, holds directories by name, and keeps nobody in what is
 * granted.
 */
import {
  bothFail,
  type Difference,
  type Disagreement,
  fails,
  hasDots,
  pathsOf,
  reasonAmong,
  succeeds,
  withoutDots,
} from './disagreements.js';

const onlyOursFails = ({ ours, theirs }: Difference) => !succeeds(ours) && succeeds(theirs);
/** The entries of a directory without their types. */
const namesIn = (outcome: string) => outcome.replace(/:\d+/g, '');
const follows = ({ call }: Difference) => call.numbers[1] === 1;

const disagreements: readonly Disagreement[] = [
  {
    calls: 'all',
    when: (d) => fails(d.theirs, 'NOSYS'),
    reason: 'It does not have the call.',
  },
  {
    calls: 'all',
    when: (d) => fails(d.theirs, 'PERM') && fails(d.ours, 'NOTCAPABLE'),
    reason: 'A right that the descriptor has not is NOTCAPABLE in preview1; it says PERM.',
  },
  {
    calls: 'all',
    when: bothFail,
    reason:
      'Both refuse, for different reasons that hold at once. It looks at rights, which it gives by the type of the file, before it looks at the type.',
  },
  {
    calls: 'path calls',
    when: (d) => fails(d.ours, 'NOTCAPABLE'),
    reason: 'Ours refuses a path that leaves the granted directory (ABI §2.3).',
  },
  {
    calls: 'path calls',
    when: hasDots,
    reason:
      'It takes `name/..` and `name/.` out of the text of a path. POSIX resolves each component: `name` must exist and be a directory, and behind a link `..` is the parent of its target.',
  },
  {
    calls: 'path calls',
    when: (d) => pathsOf(d).some((path) => path.endsWith('/')),
    reason:
      'It takes the trailing slash off. POSIX: a path with one names a directory, follows a link to it, and cannot name a file to be made.',
  },
  {
    calls: 'path calls',
    when: (d) => fails(d.ours, 'NOENT') && pathsOf(d).includes(''),
    reason: 'An empty path is NOENT (POSIX); it takes it for the directory.',
  },
  {
    calls: ['path_open'],
    when: (d) => fails(d.ours, 'LOOP') && !follows(d),
    reason: 'Without SYMLINK_FOLLOW a last link is LOOP (preview1; ABI §2.3); it goes through it.',
  },
  {
    calls: ['path_open'],
    when: (d) => fails(d.ours, 'ISDIR') && succeeds(d.theirs),
    reason:
      'A directory cannot be opened for writing or made empty (ABI §2.3); it opens one for reading then.',
  },
  {
    calls: ['path_open'],
    when: (d) => succeeds(d.ours) && succeeds(d.theirs),
    reason: 'The lowest free number is given (ABI §2.2); it leaves numbers out.',
  },
  {
    calls: ['path_filestat_get', 'path_filestat_set_times'],
    when: (d) => !follows(d) && (succeeds(d.ours) || fails(d.ours, 'NOTDIR')),
    reason: 'Without SYMLINK_FOLLOW the link itself is meant; it goes through it.',
  },
  {
    calls: ['path_link'],
    when: (d) => fails(d.ours, 'INVAL') && d.call.numbers[2] === 1,
    reason:
      'Following a link in order to link to its target is refused, as the WASI test suite has it; it ignores the flag.',
  },
  {
    calls: ['path_link', 'path_rename'],
    when: (d) => fails(d.ours, 'XDEV'),
    reason:
      'Each granted directory is a file system of its own (docs/cli.md); it asks the host, which may see one.',
  },
  {
    calls: ['fd_fdstat_get'],
    when: (d) => succeeds(d.ours) && succeeds(d.theirs),
    reason:
      'Ours tells the flags that the file was opened with, and grants what was asked for; it tells no flags, and grants by the type of the file.',
  },
  {
    calls: ['fd_fdstat_set_rights'],
    when: () => true,
    reason:
      'Its descriptors have other rights than ours (see fd_fdstat_get), so other rights can be given up.',
  },
  {
    calls: ['fd_readdir'],
    when: (d) => namesIn(withoutDots(d.ours)) === namesIn(d.theirs.trimEnd()),
    reason:
      'POSIX directories hold `.` and `..`, and the WASI test suite expects both (ABI §7, quirk 17). Of a link it tells the type of what that leads to.',
  },
  {
    calls: ['fd_readdir from an entry'],
    when: (d) => succeeds(d.ours) && succeeds(d.theirs),
    reason: 'The same two entries, `.` and `..`, which it leaves out.',
  },
  {
    calls: ['poll_oneoff'],
    when: () => true,
    reason:
      'A descriptor subscription is an event when the descriptor is ready, or bad (ABI §2.4); it reports each as not implemented, or ends with a JavaScript exception.',
  },
  {
    calls: [
      ...(['fd_seek', 'fd_tell', 'fd_read', 'fd_write', 'fd_pread', 'fd_pwrite'] as const),
      ...(['fd_allocate', 'fd_filestat_set_size'] as const),
    ],
    when: (d) => fails(d.ours, 'ISDIR', 'INVAL', 'OVERFLOW') && onlyOursFails(d),
    reason:
      'A directory has no position and no bytes, a position is not negative, and an offset is one that a file can have (POSIX); it looks at none of that.',
  },
  {
    calls: [
      ...(['fd_readdir', 'fd_readdir from an entry', 'fd_filestat_get'] as const),
      ...(['path_open', 'path_filestat_get', 'path_create_directory'] as const),
    ],
    when: (d) => succeeds(d.ours) && fails(d.theirs, 'NOENT'),
    reason: 'An open directory stays what it is when it is renamed (POSIX); it looks for its name.',
  },
  {
    calls: ['fd_tell', 'fd_seek', 'fd_read'],
    when: (d) => succeeds(d.ours) && succeeds(d.theirs),
    reason:
      'What is written moves the position (POSIX write); it does not count that until the position has been read or set.',
  },
  {
    calls: ['fd_pread', 'fd_pwrite'],
    when: (d) => fails(d.ours, 'NOTCAPABLE') && succeeds(d.theirs),
    reason: 'They need the right to seek as well (preview1, the right FD_READ); it does not ask for it.',
  },
  {
    calls: ['path_open'],
    when: (d) => fails(d.ours, 'EXIST') && succeeds(d.theirs),
    reason: 'With CREAT and EXCL a directory is something that exists (POSIX open); it opens it.',
  },
  {
    calls: ['fd_prestat_dir_name'],
    when: (d) => fails(d.ours, 'NAMETOOLONG') && succeeds(d.theirs),
    reason: 'A buffer that is shorter than the name is refused (ABI §2.2); it writes what goes in.',
  },
  {
    calls: ['fd_sync', 'fd_datasync'],
    when: (d) => succeeds(d.ours) && fails(d.theirs, 'PERM'),
    reason: 'Directories can be synchronized (POSIX fsync); it does not give them the right.',
  },
];

/** Why the hosts may differ so; undefined when they may not. */
export const wasmerDisagreementOf = (difference: Difference): string | undefined =>
  reasonAmong(disagreements, difference);
