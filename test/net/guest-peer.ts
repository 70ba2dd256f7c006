/** The guests of these tests, fixtures/wasix/sock-peer and others: started with the loopback network, watched, and ended. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type GuestProcess, type RunOptions, spawn } from '../../src/index.js';
import { guest } from '../guests.js';

export const LOOPBACK: NonNullable<RunOptions['net']> = { connect: ['loopback'], listen: ['loopback'] };

export interface GuestPeer {
  readonly process: GuestProcess;
  /** The next line of its standard output. Fails when there is none. */
  line(): Promise<string>;
  /** The port that it says it listens on. */
  port(): Promise<number>;
}

/** Starts the program in the mode of its first argument. */
export function startPeer(
  args: readonly string[],
  options: RunOptions = {},
  program = 'wasix/sock-peer',
): GuestPeer {
  const { stdin: _stdin, stdout: _stdout, ...rest } = options;
  const process = spawn(guest(program), { args, net: LOOPBACK, stderr: 'ignore', ...rest });
  const lines = createInterface({ input: process.stdout! })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the guest ended: ${JSON.stringify(await process.wait())}`);
    return value as string;
  };
  return {
    process,
    line,
    port: async () => Number(/^port (\d+)$/.exec(await line())?.[1]),
  };
}

/** A server of Node's on a free port of 127.0.0.1. */
export async function serve(connected: (socket: Socket) => void): Promise<{ server: Server; port: string }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    connected(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: String((server.address() as { port: number }).port) };
}

/** How many descriptors this process has. */
export function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
