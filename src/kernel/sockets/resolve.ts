/**
 * What guest threads ask the reactor about addresses: those of a name (ABI §2.9), and those of this machine (ABI §2.10).
 * The words behind such a call (reactor-call.ts):
 *
 *   0 LENGTH    bytes of the name
 *   1 CAPACITY  how many addresses there is room for
 *   2 COUNT     how many were found, which may be more than are there
 *   3…          the addresses (address.ts), whose PORT is the length of the network's prefix in a list of this machine's
 *   then        the name, in UTF-8
 */
import type { Errno } from '../../abi/errno.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { ADDRESS, loadAddress, type SocketAddress, storeAddress } from './address.js';
import { callReactor } from './reactor-call.js';
import { ReactorOperation } from './reactor-list.js';

const QUESTION = { LENGTH: 0, CAPACITY: 1, COUNT: 2, ADDRESSES: 3 } as const;

/** Whatever the guest has room for, more are not asked for. */
const MOST_ADDRESSES = 1024;

/** Addresses as far as there is room for them, and how many there are. */
export interface FoundAddresses {
  readonly addresses: readonly SocketAddress[];
  readonly count: number;
}

/** The addresses of a name, at most `capacity`; or the errno why there are none. */
export function askForName(thread: GuestThread, name: string, capacity: number): FoundAddresses | Errno {
  return ask(thread, ReactorOperation.RESOLVE, capacity, new TextEncoder().encode(name));
}

/** The addresses of this machine that the program may know, with prefix lengths as ports. */
export function askForInterfaces(thread: GuestThread, capacity: number): FoundAddresses | Errno {
  return ask(thread, ReactorOperation.INTERFACES, capacity, new Uint8Array());
}

function ask(
  thread: GuestThread,
  operation: number,
  wanted: number,
  name: Uint8Array,
): FoundAddresses | Errno {
  const { kernel } = thread;
  const capacity = Math.min(wanted, MOST_ADDRESSES);
  let found: FoundAddresses | undefined;
  const errno = callReactor(thread, {
    operation,
    socket: 0,
    more: {
      count: textAt(0, capacity) + Math.ceil(name.length / 4),
      fill(at) {
        kernel.words[at + QUESTION.LENGTH] = name.length;
        kernel.words[at + QUESTION.CAPACITY] = capacity;
        kernel.bytes.set(name, textAt(at, capacity) * 4);
      },
      take(at) {
        found = answered(kernel, at);
      },
    },
  });
  return found ?? errno;
}

function textAt(at: number, capacity: number): number {
  return at + QUESTION.ADDRESSES + capacity * ADDRESS.WORDS;
}

function answered(kernel: KernelMemory, at: number): FoundAddresses {
  const count = kernel.words[at + QUESTION.COUNT]!;
  const there = Math.min(count, kernel.words[at + QUESTION.CAPACITY]!);
  const addresses = Array.from({ length: there }, (_, i) => loadAddress(kernel, addressAt(at, i)));
  return { addresses, count };
}

function addressAt(at: number, index: number): number {
  return at + QUESTION.ADDRESSES + index * ADDRESS.WORDS;
}

/** The name that is asked for; the reactor's. */
export function askedName(kernel: KernelMemory, at: number): string {
  const start = textAt(at, kernel.words[at + QUESTION.CAPACITY]!) * 4;
  // A copy: decoders take no shared memory.
  return new TextDecoder().decode(kernel.bytes.slice(start, start + kernel.words[at + QUESTION.LENGTH]!));
}

/** Answers with addresses; the reactor's. */
export function answerAddresses(kernel: KernelMemory, at: number, addresses: readonly SocketAddress[]): void {
  kernel.words[at + QUESTION.COUNT] = addresses.length;
  const room = kernel.words[at + QUESTION.CAPACITY]!;
  addresses.slice(0, room).forEach((address, i) => {
    storeAddress(kernel, addressAt(at, i), address);
  });
}
