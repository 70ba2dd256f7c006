/** The language of fixtures/oracle/interpreter.c: calls as bytes, and its answers. */
import { errnoName } from '../../src/abi/errno.js';

/** The calls in the order of their numbers in the interpreter. The last paths of a call are its data. */
export const callNames = [
  'path_open',
  'fd_close',
  'fd_read',
  'fd_write',
  'fd_pread',
  'fd_pwrite',
  'fd_seek',
  'fd_tell',
  'fd_allocate',
  'fd_filestat_get',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_readdir',
  'fd_renumber',
  'path_create_directory',
  'path_unlink_file',
  'path_remove_directory',
  'path_rename',
  'path_link',
  'path_symlink',
  'path_readlink',
  'path_filestat_get',
  'path_filestat_set_times',
  'fd_fdstat_get',
  'fd_fdstat_set_flags',
  'fd_fdstat_set_rights',
  'fd_prestat_get',
  'fd_prestat_dir_name',
  'poll_oneoff',
  'fd_advise',
  'fd_sync',
  'fd_datasync',
  'fd_readdir from an entry',
  'clock_res_get',
  'clock_time_get',
  'random_get',
  'sched_yield',
] as const;

export type CallName = (typeof callNames)[number];

/** A call: its numbers, and its paths or bytes, in the order in which the interpreter takes them. */
export interface Call {
  readonly call: CallName;
  readonly numbers: readonly (number | bigint)[];
  readonly texts: readonly (string | Uint8Array)[];
}

/** What a call did: its errno's name, and what it put out when that is SUCCESS. */
export interface Answer {
  readonly errno: string;
  readonly out: Buffer;
}

const HEAD = 8 + 8 * 8;

/** Where the offset and length of each text are among the arguments, for calls of two texts. */
const textArguments: Partial<Record<CallName, readonly number[]>> = {
  path_rename: [1, 4],
  path_link: [1, 4],
  path_symlink: [1, 3],
};

function encodeCall({ call, numbers, texts }: Call): Buffer {
  const data = texts.map((text) => Buffer.from(text));
  const size = data.reduce((sum, { length }) => sum + length, 0);
  const bytes = Buffer.alloc(HEAD + Math.ceil(size / 8) * 8);
  bytes.writeUInt32LE(callNames.indexOf(call), 0);
  bytes.writeUInt32LE(size, 4);
  const places = new Set((textArguments[call] ?? []).flatMap((at) => [at, at + 1]));
  let at = 0;
  for (const number of numbers) {
    while (places.has(at)) at++;
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(number)), 8 + at++ * 8);
  }
  let offset = 0;
  data.forEach((text, i) => {
    const place = textArguments[call]?.[i];
    if (place !== undefined) {
      bytes.writeBigUInt64LE(BigInt(offset), 8 + place * 8);
      bytes.writeBigUInt64LE(BigInt(text.length), 16 + place * 8);
    }
    text.copy(bytes, HEAD + offset);
    offset += text.length;
  });
  return bytes;
}

/** The script of calls as the interpreter reads it. */
export function encode(calls: readonly Call[]): Buffer {
  return Buffer.concat(calls.map(encodeCall));
}

/** What the interpreter wrote. Ends early when the run did. */
export function decode(bytes: Buffer): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4);
    answers.push({
      errno: errnoName(bytes.readInt32LE(at)),
      out: bytes.subarray(at + 8, at + 8 + size),
    });
    at += 8 + size;
  }
  return answers;
}

/** A call as a line of a failure's report. */
export function describeCall({ call, numbers, texts }: Call): string {
  const words = texts.map((text) =>
    typeof text === 'string' ? JSON.stringify(text) : `<${text.length} bytes>`,
  );
  return `${call}(${[...numbers, ...words].join(', ')})`;
}
