/**
 * Where `node:wasi` is known to answer otherwise, and why ours is the answer to keep. What is not listed here is a fault
 * of ours until shown otherwise.
 */
import type { Call, CallName } from './calls.js';

/** One call that two hosts answered differently, as outcome.ts tells the answers. */
export interface Difference {
  readonly call: Call;
  readonly ours: string;
  readonly theirs: string;
}

export interface Disagreement {
  readonly calls: 'all' | 'path calls' | readonly CallName[];
  readonly when: (difference: Difference) => boolean;
  /** Why ours is right. */
  readonly reason: string;
}

export const succeeds = (outcome: string) => outcome.startsWith('SUCCESS');
export const fails = (outcome: string, ...errnos: string[]) => errnos.includes(outcome);
export const bothFail = ({ ours, theirs }: Difference) => !succeeds(ours) && !succeeds(theirs);
export const pathsOf = ({ call }: Difference) => call.texts.map(String);

/** Whether a path has a component `.` or `..`. */
export const hasDots = (difference: Difference) =>
  pathsOf(difference).some((path) => /(^|\/)\.\.?(\/|$)/.test(path));

/** The rights in the outcome of `fd_fdstat_get`, base and inheriting. */
function rightsIn(outcome: string): bigint[] {
  const words = /rights (\w+) (\w+)/.exec(outcome);
  return words ? words.slice(1).map((word) => BigInt(`0x${word}`)) : [];
}

function hasFewerRights({ ours, theirs }: Difference): boolean {
  const granted = rightsIn(ours);
  return rightsIn(theirs).every((rights, i) => (rights & ~granted[i]!) === 0n);
}

export const withoutDots = (outcome: string) => outcome.replace(/ \.\.:3| \.:3/g, '').trimEnd();

const onPaths = /^path_/;

export const disagreements: readonly Disagreement[] = [
  {
    calls: 'path calls',
    when: (d) => fails(d.ours, 'NOTCAPABLE'),
    reason:
      'Ours refuses a path that leaves the granted directory, also by links on the way (ABI §2.3). uvwasi looks at the text of the path and at a last link only; it goes through other links to wherever they lead.',
  },
  {
    calls: 'path calls',
    when: bothFail,
    reason:
      'Both refuse, for different reasons that hold at once. POSIX leaves the order of checks open; ours walks the path first, so that what is in the way is reported (ABI §2.3), and answers NOENT for an empty path, as POSIX does.',
  },
  {
    calls: 'path calls',
    when: hasDots,
    reason:
      'uvwasi takes `name/..` and `name/.` out of the text of a path. POSIX resolves each component: `name` must exist and be a directory, and behind a link `..` is the parent of its target.',
  },
  {
    calls: 'path calls',
    when: (d) => pathsOf(d).some((path) => path.endsWith('/')),
    reason:
      'uvwasi takes the trailing slash off. POSIX: a path with one names a directory, follows a link to it, and cannot name a file to be made.',
  },
  {
    calls: ['path_open'],
    when: (d) => fails(d.ours, 'LOOP') && d.call.numbers[1] === 0,
    reason: 'Without SYMLINK_FOLLOW a last link is LOOP (preview1; ABI §2.3); uvwasi goes through it.',
  },
  {
    calls: [
      'fd_read',
      'fd_pread',
      'fd_write',
      'fd_pwrite',
      'fd_seek',
      'fd_tell',
      'fd_allocate',
      'fd_filestat_set_size',
    ],
    when: (d) => fails(d.ours, 'ISDIR') && bothFail(d),
    reason:
      'POSIX names what is wrong with a directory; uvwasi gives directories no such rights and says NOTCAPABLE.',
  },
  {
    calls: [
      'fd_pread',
      'fd_pwrite',
      'fd_advise',
      'fd_prestat_get',
      'fd_prestat_dir_name',
      'fd_readdir',
      'fd_readdir from an entry',
      'fd_filestat_set_times',
    ],
    when: bothFail,
    reason: 'Both refuse; ours looks at the descriptor first and then at the other arguments.',
  },
  {
    calls: ['fd_fdstat_get'],
    when: hasFewerRights,
    reason:
      'Ours grants what was asked for; uvwasi leaves out rights that make no sense for the file type, and adds bits of the host to the flags. preview1 allows fewer rights than asked for, and does not ask for that.',
  },
  {
    calls: ['fd_fdstat_set_rights'],
    when: (d) => succeeds(d.ours),
    reason:
      'The descriptor has more rights with ours (see fd_fdstat_get), so giving up the others is no gain of rights.',
  },
  {
    calls: ['fd_readdir'],
    when: (d) => withoutDots(d.ours) === d.theirs.trimEnd(),
    reason: 'POSIX directories hold `.` and `..`, and the WASI test suite expects both (ABI §7, quirk 17).',
  },
  {
    calls: ['fd_readdir from an entry'],
    when: (d) => succeeds(d.ours) && succeeds(d.theirs),
    reason: 'The same two entries, `.` and `..`, which uvwasi leaves out.',
  },
  {
    calls: ['fd_renumber'],
    when: (d) => fails(d.ours, 'BADF'),
    reason: 'A closed descriptor is BADF also when it is to be moved onto itself (dup2 of POSIX).',
  },
  {
    calls: ['poll_oneoff'],
    when: () => true,
    reason:
      'A descriptor that is bad or lacks the right is an event with that error (preview1; ABI §2.4). uvwasi fails the whole call, or answers with an event that nobody subscribed to, or waits for ever, and reports one clock of several.',
  },
  {
    calls: ['path_open'],
    when: (d) => succeeds(d.ours) && fails(d.theirs, 'ISDIR') && (BigInt(d.call.numbers[3]!) & 1n) !== 0n,
    reason:
      'A directory that is asked for with FD_DATASYNC: uvwasi takes that for writing; the rights that mean writing are FD_WRITE, FD_ALLOCATE and FD_FILESTAT_SET_SIZE (ABI §2.3).',
  },
  {
    calls: ['path_link'],
    when: (d) => fails(d.ours, 'INVAL') && d.call.numbers[2] === 1,
    reason:
      'Following a link in order to link to its target is refused, as the WASI test suite has it; uvwasi ignores the flag.',
  },
  {
    calls: ['path_link', 'path_rename'],
    when: (d) => fails(d.ours, 'XDEV'),
    reason:
      'Each granted directory is a file system of its own (docs/cli.md); uvwasi asks the host, which may see one.',
  },
  {
    calls: ['path_readlink'],
    when: (d) => succeeds(d.ours) && fails(d.theirs, 'NOBUFS'),
    reason: 'A target that is longer than the buffer is cut (POSIX; preview1; ABI §2.3).',
  },
  {
    calls: ['fd_sync', 'fd_datasync'],
    when: (d) => succeeds(d.ours),
    reason: 'Directories can be synchronized (POSIX fsync); uvwasi does not give them the right.',
  },
  {
    calls: ['fd_fdstat_set_flags'],
    when: (d) => fails(d.ours, 'NOTSUP'),
    reason:
      'The synchronous modes are fixed at open. The host silently ignores the change, which uvwasi calls success.',
  },
  {
    calls: ['fd_allocate', 'fd_advise'],
    when: (d) => fails(d.ours, 'INVAL') && succeeds(d.theirs),
    reason:
      'An offset or length beyond the largest file offset is INVAL (POSIX posix_fallocate; ABI §2.2); uvwasi lets it overflow.',
  },
  {
    calls: ['path_open'],
    when: (d) => succeeds(d.ours) && fails(d.theirs, 'INVAL') && (Number(d.call.numbers[2]) & 3) === 3,
    reason:
      'CREAT with DIRECTORY opens a directory that exists (ABI §2.3, decision list); newer Linux kernels refuse the pair of flags.',
  },
  {
    calls: ['path_open'],
    when: (d) => fails(d.ours, 'EXIST') && (Number(d.call.numbers[2]) & 4) !== 0,
    reason:
      'With CREAT and EXCL a link is something that exists, also when it leads nowhere (POSIX open); uvwasi follows it first.',
  },
  {
    calls: ['path_open'],
    when: (d) =>
      succeeds(d.ours) &&
      fails(d.theirs, 'NOTCAPABLE') &&
      d.call.numbers.slice(3, 5).some((asked) => BigInt(asked) !== 0n),
    reason: 'preview1 lets a descriptor have fewer rights than were asked for; uvwasi refuses to open it.',
  },
];

/** The reason of the first disagreement of a table that applies. */
export function reasonAmong(table: readonly Disagreement[], difference: Difference): string | undefined {
  const { call } = difference.call;
  const concerns = (calls: Disagreement['calls']) => {
    if (calls === 'all') return true;
    return calls === 'path calls' ? onPaths.test(call) : calls.includes(call);
  };
  const applies = ({ calls, when }: Disagreement) => concerns(calls) && when(difference);
  return table.find(applies)?.reason;
}

/** Why the hosts may differ so; undefined when they may not. */
export const disagreementOf = (difference: Difference): string | undefined =>
  reasonAmong(disagreements, difference);
