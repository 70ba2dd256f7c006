/** The reactor's Unix-domain sockets, asked directly. */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { AddressFamily, SocketType } from '../../../../src/abi/socket.js';
import { UnixEndpoint } from '../../../../src/runtime/reactor/unix-endpoint.js';
import { contextOf, recordIn } from './endpoint-context.js';

/** Linux's O_PATH, which Node does not export. */
const O_PATH = 0x20_0000;

it.runIf(process.platform === 'linux')(
  'a Unix-domain listener can be connected to after the system had no descriptor for that once',
  {
    timeout: 10_000,
  },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'endpoints-'));
    const context = contextOf([], []);
    const make = () => {
      return new UnixEndpoint(context, recordIn(context, AddressFamily.UNIX, SocketType.STREAM));
    };
    const nowhere = { family: AddressFamily.UNIX, port: 0, octets: new Uint8Array() };
    const listener = make();
    const hostFd = openSync(directory, 'r');
    expect(await listener.bind(nowhere, { hostFd, path: '/s' })).toBe(Errno.SUCCESS);
    expect(await listener.listen(1)).toBe(Errno.SUCCESS);
    vi.spyOn(context.unixSockets.directory, 'freshPath').mockImplementationOnce(() => {
      throw Object.assign(new Error('none left'), { code: 'EMFILE' });
    });
    const file = openSync(join(directory, 's'), O_PATH);
    const place = { hostFd: file, path: '/s' };
    expect(await make().connect(nowhere, place)).toBe(Errno.MFILE);
    const peer = make();
    expect(await peer.connect(nowhere, place)).toBe(Errno.SUCCESS);
    await Promise.all([peer.close(), listener.close()]);
    context.unixSockets.directory.remove();
    for (const fd of [hostFd, file]) closeSync(fd);
    rmSync(directory, { recursive: true });
  },
);
