/** `sock_send_file` (ABI §2.9): from a file to a connection without a detour through the guest's memory. */
import { readSync } from 'node:fs';
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { SocketOption } from '../abi/socket.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { Failure, fail } from '../kernel/failure.js';
import { IoVectors } from '../kernel/io-vectors.js';
import { GuestMemory, MAX_TRANSFER } from '../kernel/memory/guest-memory.js';
import { waitingOf } from '../kernel/objects/socket.js';
import { hasPendingSignals } from '../kernel/signals/pending.js';
import { isDatagram } from '../kernel/sockets/datagram.js';
import { requireStream, send } from '../kernel/sockets/transfer.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { toOffset, withFile, writing } from './fd-io.js';
import type { Handlers } from './handler.js';
import { withSocket } from './sock-descriptor.js';

const PIECE = 65_536;

/** The first `count` bytes of a buffer of the host's, as a call's buffers. */
function wholeOf(count: number): IoVectors {
  const vectors = new IoVectors(new GuestMemory(undefined));
  vectors.pointers[0] = 0;
  vectors.lengths[0] = count;
  vectors.count = 1;
  vectors.total = count;
  return vectors;
}

/** The host descriptor of a regular file; ISDIR for a directory, INVAL for what has no offset. */
function sourceOf({ kernel }: GuestThread, file: number): number {
  const kind = kernel.words[file + FILE.KIND];
  if (kind === FileKind.REGULAR) return kernel.words[file + FILE.HOST_FD]!;
  return fail(kind === FileKind.DIRECTORY ? Errno.ISDIR : Errno.INVAL);
}

/** Where the bytes come from and which. */
interface Section {
  readonly hostFd: number;
  readonly offset: number;
  readonly count: number;
}

/** Sends the section, or as much of it as the file has; answers the bytes sent. */
function sendSection(thread: GuestThread, socket: number, file: number, section: Section): number {
  // A file is no datagram.
  if (isDatagram(thread.kernel, socket)) fail(Errno.INVAL);
  const waiting = waitingOf(thread, file, SocketOption.SEND_TIMEOUT, Errno.TIMEDOUT);
  requireStream(thread, socket, waiting);
  const buffer = new Uint8Array(Math.min(section.count, PIECE));
  let sent = 0;
  while (sent < section.count) {
    const wanted = Math.min(section.count - sent, PIECE);
    const there = readSync(section.hostFd, buffer, 0, wanted, section.offset + sent);
    if (there === 0) break;
    const went = sendPiece(() => send(thread, socket, wholeOf(there), waiting, buffer), sent);
    sent += went;
    // Less only with NONBLOCK, or when something came in between. A reader that is fast enough never has us wait.
    if (went < there || thread.ending || hasPendingSignals(thread)) break;
  }
  return sent;
}

/** What was sent before a piece that could not be is the answer. */
function sendPiece(work: () => number, sent: number): number {
  try {
    return work();
  } catch (error) {
    if (sent > 0 && error instanceof Failure) return 0;
    throw error;
  }
}

export const sockSendFileHandlers: Handlers<'sock_send_file'> = {
  /** The offset of the file itself stays where it is. */
  sock_send_file(thread, out, input, offset, count, result) {
    thread.memory.span(result, 8);
    return writing(thread, () =>
      withSocket(thread, out, RightBit.SOCK_SEND, (socket, file) =>
        withFile(thread, input, RightBit.FD_READ, (source) => {
          const start = toOffset(offset);
          const most = Math.min(Number(BigInt.asUintN(64, count)), MAX_TRANSFER);
          const section = {
            hostFd: sourceOf(thread, source),
            offset: start,
            count: Number.isFinite(start) ? most : 0,
          };
          thread.memory.setU64(result, BigInt(sendSection(thread, socket, file, section)));
          return Errno.SUCCESS;
        }),
      ),
    );
  },
};
