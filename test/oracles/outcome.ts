/** What an answer says, without what two hosts need not have in common: inode numbers, the order of entries, the time. */
import { event, fdstat, filestat, prestat } from '../../src/abi/structs.js';
import type { Answer, Call, CallName } from './calls.js';
import { NOW_FROM_NS } from './tree.js';

function timeOf(out: Buffer, at: number): string {
  const time = out.readBigUInt64LE(at);
  return time < NOW_FROM_NS ? String(time) : 'now';
}

function filestatOf(out: Buffer): string {
  const { at } = filestat;
  const type = out.readUInt8(at.filetype);
  const isDirectory = type === 3;
  const size = isDirectory ? 'any' : out.readBigUInt64LE(at.size);
  const links = isDirectory ? 'any' : out.readBigUInt64LE(at.nlink);
  return `type ${type} nlink ${links} size ${size} atim ${timeOf(out, at.atim)} mtim ${timeOf(out, at.mtim)}`;
}

function fdstatOf(out: Buffer): string {
  const { at } = fdstat;
  const rights = [at.rightsBase, at.rightsInheriting].map((place) => out.readBigUInt64LE(place).toString(16));
  return `type ${out.readUInt8(at.filetype)} flags ${out.readUInt16LE(at.flags)} rights ${rights.join(' ')}`;
}

function entriesOf(out: Buffer): string[] {
  const entries: string[] = [];
  for (let at = 0; at < out.length; ) {
    const end = at + 2 + out.readUInt8(at + 1);
    entries.push(`${out.toString('utf8', at + 2, end)}:${out.readUInt8(at)}`);
    at = end;
  }
  return entries.sort();
}

function eventsOf(out: Buffer): string {
  const { at, size } = event;
  const events: string[] = [];
  for (let start = 0; start + size <= out.length; start += size) {
    const error = out.readUInt16LE(start + at.error);
    events.push(`${out.readBigUInt64LE(start + at.userdata)}:${out.readUInt8(start + at.type)}:${error}`);
  }
  return events.sort().join(' ');
}

const readers: Partial<Record<CallName, (out: Buffer) => string>> = {
  fd_filestat_get: filestatOf,
  path_filestat_get: filestatOf,
  fd_fdstat_get: fdstatOf,
  fd_readdir: (out) => entriesOf(out).join(' '),
  // Which entries come after one is the host's order; how many is not.
  'fd_readdir from an entry': (out) => `${entriesOf(out).length} entries`,
  poll_oneoff: eventsOf,
  fd_prestat_get: (out) => `${out.readUInt8(prestat.at.tag)} ${out.readUInt32LE(prestat.at.nameLen)}`,
};

/** An answer as text that is equal for equal behaviour. */
export function outcomeOf({ call }: Call, { errno, out }: Answer): string {
  if (errno !== 'SUCCESS') return errno;
  const read = readers[call];
  return read ? `SUCCESS ${read(out)}` : `SUCCESS ${out.toString('hex')}`.trimEnd();
}
