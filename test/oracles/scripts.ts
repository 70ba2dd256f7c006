/** Random scripts of calls over the tree of tree.ts. */
import fc from 'fast-check';
import { subscription } from '../../src/abi/structs.js';
import type { Call, CallName } from './calls.js';

const paths = [
  ...['file.txt', 'empty.txt', 'sub/inner.txt', 'sub/deep/leaf', 'one.txt', './file.txt', 'sub//inner.txt'],
  ...['sub', 'sub/', 'sub/.', 'sub/deep', 'sub/deep/', 'empty-dir', 'empty-dir/', 'dir', '.', './'],
  ...['to-file', 'to-sub', 'to-sub/inner.txt', 'sub/to-parent', 'dangling', 'loop', 'loop/x'],
  ...['to-file/', 'to-sub/', 'dangling/', 'file.txt/', 'file.txt/x', 'file.txt/..', 'file.txt/.'],
  ...['new', 'new/', 'new/x', 'new-dir', 'new-dir/', 'sub/new', 'nowhere', 'missing/x'],
  ...[
    '..',
    '../box',
    '../outside/secret.txt',
    'sub/..',
    'sub/../file.txt',
    'sub/../..',
    'to-sub/../file.txt',
  ],
  ...['up-out', 'up-out/', 'up-out/secret.txt', ''],
  ...['caf\u00e9'],
] as const;

const path = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...paths) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(255), 'y'.repeat(256), 'z'.repeat(5000)) },
);

// Bits 0 to 27: all that preview1 has but the rights to sockets, which node:wasi does not pass on to files.
const ALL = 0x0fff_ffffn;
const READ = 0x0000_0002n;
const WRITE = 0x0000_0040n;
const FILE = 0x08e0_01ffn;
// Nothing that asks for writing; node:wasi counts FD_DATASYNC among that.
const DIRECTORY = ALL & ~(1n | WRITE | (1n << 8n) | (1n << 22n));

const rights = fc.oneof(
  { weight: 4, arbitrary: fc.constant(FILE) },
  { weight: 4, arbitrary: fc.constant(DIRECTORY) },
  { weight: 2, arbitrary: fc.constantFrom(FILE & ~WRITE, FILE & ~READ, READ, WRITE, 0n, ALL) },
  { weight: 1, arbitrary: fc.bigInt(0n, ALL) },
);

/** Descriptors: preopens, what the script opens, what is never open. Not the streams that the script itself uses. */
const opened = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 5, max: 8 }) },
  { weight: 2, arbitrary: fc.constantFrom(3, 4) },
  { weight: 1, arbitrary: fc.constantFrom(30, 0x7fff_ffff, -1) },
);
const directory = fc.oneof(
  { weight: 10, arbitrary: fc.constant(3) },
  { weight: 3, arbitrary: fc.constant(4) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 7 }) },
);
const lookup = fc.constantFrom(0, 1);
const bytes = fc.string({ maxLength: 12, unit: 'grapheme-ascii' });
const length = fc.integer({ min: 0, max: 40 });
const offset = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(100_000n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n),
);
const size = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(5000n, (1n << 64n) - 1n));
/** Times that the clock does not tell: tree.ts knows them by that. */
const time = fc.integer({ min: 0, max: 1_500_000_000 }).map((seconds) => BigInt(seconds) * 1_000_000_000n);
const timeFlags = fc.constantFrom(1, 4, 5, 0, 2, 8, 10, 6, 9);
const openFlags = fc.oneof(fc.constantFrom(0, 0, 1, 2, 1 | 8), fc.integer({ min: 0, max: 15 }));
/** Not the NONBLOCK of a directory: nothing is said of it. */
const statusFlags = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 0, 1) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 31 }) },
);

type Numbers = readonly fc.Arbitrary<number | bigint>[];

function made(call: CallName, numbers: Numbers, ...texts: fc.Arbitrary<string | Uint8Array>[]) {
  return fc
    .tuple(fc.tuple(...numbers), fc.tuple(...texts))
    .map(([n, t]): Call => ({ call, numbers: n, texts: t }));
}

/** A subscription: a descriptor's, or a clock's with a time that is soon over. */
const subscriptions = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1), fc.constantFrom(3, 5, 6, 30)), {
    maxLength: 3,
  })
  .map((list) => {
    const { at, size: each } = subscription;
    const out = Buffer.alloc(list.length * each);
    list.forEach(([tag, clock, fd], i) => {
      const start = i * each;
      out.writeBigUInt64LE(BigInt(i + 1), start + at.userdata);
      out.writeUInt8(tag, start + at.tag);
      out.writeUInt32LE(tag === 0 ? clock : fd, start + at.clockId);
      if (tag === 0) out.writeBigUInt64LE(1000n, start + at.timeout);
    });
    return out;
  });

const open = made('path_open', [directory, lookup, openFlags, rights, rights, statusFlags], path);

const call = fc.oneof(
  { weight: 12, arbitrary: open },
  { weight: 2, arbitrary: made('fd_close', [opened]) },
  { weight: 4, arbitrary: made('fd_read', [opened, length, length]) },
  { weight: 5, arbitrary: made('fd_write', [opened, length], bytes) },
  { weight: 3, arbitrary: made('fd_pread', [opened, length, length, offset]) },
  { weight: 3, arbitrary: made('fd_pwrite', [opened, length, fc.integer({ min: 0, max: 50 })], bytes) },
  {
    weight: 3,
    arbitrary: made('fd_seek', [opened, fc.integer({ min: -30, max: 60 }), fc.constantFrom(0, 1, 2, 3)]),
  },
  { weight: 2, arbitrary: made('fd_tell', [opened]) },
  { weight: 2, arbitrary: made('fd_allocate', [opened, size, size]) },
  { weight: 2, arbitrary: made('fd_filestat_get', [opened]) },
  { weight: 2, arbitrary: made('fd_filestat_set_size', [opened, size]) },
  { weight: 2, arbitrary: made('fd_filestat_set_times', [opened, time, time, timeFlags]) },
  { weight: 2, arbitrary: made('fd_readdir', [opened, fc.constantFrom(24, 40, 64, 300, 4096)]) },
  {
    weight: 1,
    arbitrary: made('fd_readdir from an entry', [opened, fc.integer({ min: 0, max: 9 })]),
  },
  { weight: 2, arbitrary: made('fd_renumber', [opened, opened]) },
  { weight: 3, arbitrary: made('path_create_directory', [directory], path) },
  { weight: 3, arbitrary: made('path_unlink_file', [directory], path) },
  { weight: 3, arbitrary: made('path_remove_directory', [directory], path) },
  { weight: 4, arbitrary: made('path_rename', [directory, directory], path, path) },
  { weight: 3, arbitrary: made('path_link', [directory, directory, lookup], path, path) },
  { weight: 3, arbitrary: made('path_symlink', [directory], path, path) },
  { weight: 3, arbitrary: made('path_readlink', [directory, fc.constantFrom(0, 3, 200)], path) },
  { weight: 4, arbitrary: made('path_filestat_get', [directory, lookup], path) },
  { weight: 2, arbitrary: made('path_filestat_set_times', [directory, lookup, time, time, timeFlags], path) },
  { weight: 3, arbitrary: made('fd_fdstat_get', [opened]) },
  { weight: 2, arbitrary: made('fd_fdstat_set_flags', [opened, statusFlags]) },
  { weight: 2, arbitrary: made('fd_fdstat_set_rights', [opened, rights, rights]) },
  { weight: 1, arbitrary: made('fd_prestat_get', [opened]) },
  { weight: 1, arbitrary: made('fd_prestat_dir_name', [opened, fc.integer({ min: 0, max: 8 })]) },
  { weight: 1, arbitrary: made('poll_oneoff', [], subscriptions) },
  { weight: 1, arbitrary: made('fd_advise', [opened, offset, offset, fc.integer({ min: 0, max: 7 })]) },
  { weight: 1, arbitrary: made('fd_sync', [opened]) },
  { weight: 1, arbitrary: made('fd_datasync', [opened]) },
  { weight: 1, arbitrary: made('clock_res_get', [fc.integer({ min: 0, max: 5 })]) },
  { weight: 1, arbitrary: made('clock_time_get', [fc.integer({ min: 0, max: 5 })]) },
  { weight: 1, arbitrary: made('random_get', [length]) },
  { weight: 1, arbitrary: made('sched_yield', []) },
);

/** Opens that succeed, so that the rest has something to work on: a file to read and write, a directory. */
const openFile = made(
  'path_open',
  [fc.constant(3), lookup, fc.constantFrom(0, 1, 8), fc.constant(FILE), rights, fc.constantFrom(0, 0, 1)],
  fc.constantFrom('file.txt', 'empty.txt', 'sub/inner.txt', 'sub/deep/leaf'),
);
const openDirectory = made(
  'path_open',
  [fc.constant(3), lookup, fc.constantFrom(0, 2), fc.constant(DIRECTORY), fc.constant(ALL), fc.constant(0)],
  fc.constantFrom('sub', 'sub/deep', 'empty-dir', '.'),
);

/** Scripts of up to 19 calls. */
export const scripts: fc.Arbitrary<readonly Call[]> = fc
  .tuple(
    fc.subarray([0, 1, 2]),
    fc.tuple(openFile, openDirectory, openFile),
    fc.array(call, { minLength: 1, maxLength: 16, size: 'max' }),
  )
  .map(([chosen, opens, others]) => [...chosen.map((i) => opens[i]!), ...others]);
