/** The calls of guest threads that are about addresses and no socket (kernel/sockets/resolve.ts). */
import { Errno } from '../../abi/errno.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { familyOf, type SocketAddress } from '../../kernel/sockets/address.js';
import { CALL } from '../../kernel/sockets/reactor-call.js';
import { NODE, ReactorOperation } from '../../kernel/sockets/reactor-list.js';
import { answerAddresses, askedName } from '../../kernel/sockets/resolve.js';
import type { NetworkAccess } from './network-access.js';

/** Does what the call asks for and answers its errno; the caller passes that on. */
export async function performQuestion(
  kernel: KernelMemory,
  access: NetworkAccess,
  call: number,
): Promise<Errno> {
  const more = call + CALL.WORDS;
  kernel.reach(more, kernel.words[call + CALL.MORE]!);
  switch (kernel.words[call + NODE.OPERATION]) {
    case ReactorOperation.RESOLVE: {
      const { errno, addresses } = await access.resolve(askedName(kernel, more));
      if (errno === Errno.SUCCESS) answerAddresses(kernel, more, addresses.map(toAddress));
      return errno;
    }
    case ReactorOperation.INTERFACES: {
      const { errno, addresses } = access.interfaces();
      if (errno === Errno.SUCCESS) answerAddresses(kernel, more, addresses);
      return errno;
    }
    default:
      throw new Error(`the reactor knows no question ${kernel.words[call + NODE.OPERATION]}`);
  }
}

function toAddress(octets: Uint8Array): SocketAddress {
  return { family: familyOf(octets), port: 0, octets };
}
