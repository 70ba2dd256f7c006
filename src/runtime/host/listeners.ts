/** The listeners that the host hands to a program: descriptors from after the preopens on, opened by the reactor before it starts. */
import { Rights } from '../../abi/rights.js';
import { AddressFamily, SocketProtocol, SocketType } from '../../abi/socket.js';
import { install, type RightsPair } from '../../kernel/descriptors/table.js';
import { Failure } from '../../kernel/failure.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { loadAddress } from '../../kernel/sockets/address.js';
import { shortIp } from '../../kernel/sockets/ip-text.js';
import { createReactor } from '../../kernel/sockets/reactor-list.js';
import { openSocket, SOCKET, socketOf } from '../../kernel/sockets/socket.js';
import type { ListenerAddress, ListenerPlace } from '../listener-place.js';
import { LoadError } from '../load-error.js';
import type { Offered } from '../reactor/start.js';
import type { NewProcess } from './process-setup.js';
import type { ReactorWorker } from './reactor-worker.js';

/** What a program does with a listener (ABI §3.2). */
const RIGHTS = [
  Rights.FD_FDSTAT_SET_FLAGS,
  Rights.FD_FILESTAT_GET,
  Rights.POLL_FD_READWRITE,
  Rights.SOCK_ACCEPT,
  Rights.SOCK_LISTEN,
  Rights.SOCK_ADDR_LOCAL,
].reduce((sum, right) => sum | right, 0n);

/** What it does with the connections. */
const INHERITED =
  RIGHTS | Rights.FD_READ | Rights.FD_WRITE | Rights.SOCK_SHUTDOWN | Rights.SOCK_RECV | Rights.SOCK_SEND;

const LISTENER: RightsPair = {
  baseLow: Number(BigInt.asIntN(32, RIGHTS)),
  baseHigh: Number(RIGHTS >> 32n),
  inheritingLow: Number(BigInt.asIntN(32, INHERITED)),
  inheritingHigh: Number(INHERITED >> 32n),
};

/** A listener with its record in kernel memory. */
export interface NewListener {
  readonly place: ListenerPlace;
  readonly record: number;
}

/** Gives the program descriptors of listeners, which are still to be opened. */
export function installListeners(guest: NewProcess, places: readonly ListenerPlace[]): NewListener[] {
  return places.map((place) => ({ place, record: installListener(guest, place) }));
}

function installListener({ kernel, process }: NewProcess, { address, text }: ListenerPlace): number {
  const init = {
    family: address?.family ?? AddressFamily.UNIX,
    type: SocketType.STREAM,
    protocol: address ? SocketProtocol.TCP : SocketProtocol.IP,
    flags: 0,
  };
  const file = openSocket(kernel, init, HOST_OWNER);
  const record = socketOf(kernel, file);
  // The reactor will know of it: it is the reactor that frees it.
  kernel.words[record + SOCKET.KNOWN] = 1;
  try {
    install({ kernel, process, owner: HOST_OWNER }, file, { rights: LISTENER });
    return record;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new LoadError('bad-option', `the program has no descriptor left for the listener ${text}`);
  }
}

/** Opens the listeners and answers where they are, in their order. Throws LoadError for the first that cannot be opened. */
export async function openListeners(
  kernel: KernelMemory,
  reactor: ReactorWorker,
  listeners: readonly NewListener[],
): Promise<ListenerAddress[]> {
  if (listeners.length === 0) return [];
  createReactor(kernel, HOST_OWNER);
  reactor.start();
  for (const { place, record } of listeners) {
    const { address, path } = place;
    const { failure } = await reactor.offer({ record, address, path });
    if (failure) throw refusal(place, failure);
  }
  return listeners.map(({ place: { path }, record }) =>
    path === undefined ? addressOf(kernel, record) : { path },
  );
}

function addressOf(kernel: KernelMemory, record: number): ListenerAddress {
  const { octets, port } = loadAddress(kernel, record + SOCKET.LOCAL);
  return { address: shortIp(octets), port };
}

/** A listener that cannot be had is a wrong option, as a directory that is missing. */
function refusal({ text, path }: ListenerPlace, failure: NonNullable<Offered['failure']>): LoadError {
  // For a file libuv says EACCES, too, where its directory is missing.
  const reasons =
    path === undefined ? REASONS : { ...REASONS, EACCES: 'permission denied, or no such directory' };
  const reason = reasons[failure.code ?? ''] ?? failure.message;
  const stale = failure.code === 'EADDRINUSE' && path !== undefined;
  const hint = stale ? `if no program listens there any more, remove ${path}` : undefined;
  return new LoadError('bad-option', `cannot listen on ${text}: ${reason}`, hint);
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EAFNOSUPPORT: 'this machine has no addresses of that kind',
  EACCES: 'permission denied',
};
