import { Errno } from '../../abi/errno.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { loadAddress } from '../../kernel/sockets/address.js';
import { CALL } from '../../kernel/sockets/reactor-call.js';
import { NODE, ReactorOperation } from '../../kernel/sockets/reactor-list.js';
import type { UdpEndpoint } from './udp-endpoint.js';

/** Performs a call that only datagram sockets know. */
export async function performUdp(kernel: KernelMemory, endpoint: UdpEndpoint, call: number): Promise<Errno> {
  const { words } = kernel;
  const number = words[call + CALL.NUMBER]!;
  const address = () => loadAddress(kernel, call + CALL.ADDRESS);
  switch (words[call + NODE.OPERATION]) {
    case ReactorOperation.SEND_TO:
      kernel.reach(call, CALL.WORDS + words[call + CALL.MORE]!);
      // Where the bytes are: the block stays until the call is answered.
      return endpoint.sendTo(address(), Buffer.from(kernel.bytes.buffer, (call + CALL.WORDS) * 4, number));
    case ReactorOperation.CONFIGURE:
      return endpoint.configure();
    case ReactorOperation.JOIN:
      return endpoint.join(address(), number);
    case ReactorOperation.LEAVE:
      return endpoint.leave(address(), number);
    default:
      return Errno.NOTSUP;
  }
}
