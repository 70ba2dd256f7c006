/** The reactor's datagram sockets, asked directly. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { AddressFamily, SocketType } from '../../../../src/abi/socket.js';
import { DATAGRAM_RING, incomingDatagrams } from '../../../../src/kernel/sockets/datagram-ring.js';
import { UdpEndpoint } from '../../../../src/runtime/reactor/udp-endpoint.js';
import { contextOf, loopback, portOf, recordIn } from './endpoint-context.js';

const PATIENCE = { timeout: 5000 };

it('a datagram socket that could not be bound where the program may listen answers no stranger', {
  timeout: 10_000,
}, async () => {
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  const stranger = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(taken, 'listening'), once(stranger, 'listening')]);
  const context = contextOf([`127.0.0.1:${taken.address().port}`], ['loopback']);
  const record = recordIn(context, AddressFamily.INET4, SocketType.DGRAM);
  const endpoint = new UdpEndpoint(context, record);
  expect(await endpoint.bind(loopback(taken.address().port))).toBe(Errno.ADDRINUSE);
  const bytes = Buffer.from('x');
  expect(await endpoint.sendTo(loopback(taken.address().port), bytes)).toBe(Errno.SUCCESS);
  stranger.send(bytes, portOf(context, record), '127.0.0.1');
  await vi.waitUntil(
    () => context.kernel.words[incomingDatagrams(record) + DATAGRAM_RING.TAIL] !== 0,
    PATIENCE,
  );
  expect(await endpoint.sendTo(loopback(stranger.address().port), bytes)).toBe(Errno.ACCES);
  await endpoint.close();
  taken.close();
  stranger.close();
});
