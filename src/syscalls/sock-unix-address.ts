/** Addresses of Unix-domain sockets in guest memory (ABI §3.10): paths, which end with a NUL. */
import { Errno } from '../abi/errno.js';
import { AddressFamily } from '../abi/socket.js';
import { ADDR_PORT_IP_SIZE, addrPort } from '../abi/structs.js';
import { fail } from '../kernel/failure.js';
import { loadAddress } from '../kernel/sockets/address.js';
import { pathOf } from '../kernel/sockets/unix-address.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { writeAddress } from './sock-address.js';

const CAPACITY = addrPort.size - addrPort.at.path;

const encoder = new TextEncoder();

/** Reads the path. INVAL for an address of another family, NAMETOOLONG without an end. */
export function readPath({ memory }: GuestThread, pointer: number): string {
  if (memory.getU8(pointer) !== AddressFamily.UNIX) fail(Errno.INVAL);
  const at = memory.span(pointer, addrPort.size) + addrPort.at.path;
  const length = memory.copy(at, CAPACITY).indexOf(0);
  return length < 0 ? fail(Errno.NAMETOOLONG) : memory.string(at, length);
}

/**
 * Tells the guest the address in the words `at` of kernel memory. Of a path no more than there is, and its NUL: the rest
 * of libc's struct may not be there to be written to.
 */
export function tellAddress(thread: GuestThread, pointer: number, at: number): void {
  const path = encoder.encode(pathOf(thread.kernel, at));
  if (path.length === 0) return writeAddress(thread, pointer, loadAddress(thread.kernel, at));
  const { memory } = thread;
  const start = memory.clear(pointer, Math.max(ADDR_PORT_IP_SIZE, addrPort.at.path + path.length + 1));
  memory.setU8(start + addrPort.at.family, AddressFamily.UNIX);
  memory.write(start + addrPort.at.path, path);
}
