/** `resolve`: the addresses of a name (ABI §2.9, §3.10). */
import { Errno } from '../abi/errno.js';
import { addrIp } from '../abi/structs.js';
import { familyOf } from '../kernel/sockets/address.js';
import { parseIp } from '../kernel/sockets/ip-text.js';
import { askForName } from '../kernel/sockets/resolve.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';
import { withBuffers } from './sock-descriptor.js';

/** Longer than any name in any form. */
const LONGEST_NAME = 1024;

/** Writes as many as there is room for and answers how many: libc takes what there is. */
function writeAddresses(
  { memory }: GuestThread,
  pointer: number,
  capacity: number,
  found: readonly Uint8Array[],
): number {
  const count = Math.min(found.length, capacity);
  let at = memory.span(pointer, count * addrIp.size);
  for (const octets of found.slice(0, count)) {
    memory.clear(at, addrIp.size);
    memory.setU8(at + addrIp.at.family, familyOf(octets));
    memory.write(at + addrIp.at.octets, octets);
    at += addrIp.size;
  }
  return count;
}

export const resolveHandlers: Handlers<'resolve'> = {
  /** The port is of no consequence: results have none. */
  resolve(thread, host, length, _port, result, size, counted) {
    const { memory } = thread;
    const capacity = size >>> 0;
    memory.span(result, capacity * addrIp.size);
    memory.span(counted, 4);
    if (length >>> 0 > LONGEST_NAME) return Errno.NAMETOOLONG;
    const name = memory.string(host, length);
    if (name === '') return Errno.INVAL;
    // An address needs nobody's knowledge, and so no grant.
    const octets = parseIp(name);
    if (octets) {
      memory.setU32(counted, writeAddresses(thread, result, capacity, [octets]));
      return Errno.SUCCESS;
    }
    const found = withBuffers(() => askForName(thread, name, capacity));
    if (typeof found === 'number') return found;
    const addresses = found.addresses.map((address) => address.octets);
    memory.setU32(counted, writeAddresses(thread, result, capacity, addresses));
    return Errno.SUCCESS;
  },
};
