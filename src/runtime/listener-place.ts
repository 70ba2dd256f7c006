/** Where a listener is made that the host hands to a program: read from text, and told once it is open. */
import { resolve } from 'node:path';
import { familyOf, type SocketAddress } from '../kernel/sockets/address.js';
import { parseIp } from '../kernel/sockets/ip-text.js';
import { LoadError } from './load-error.js';
import { UNIX_SCHEME } from './socket-path-rule.js';

/** Where a listener is; either an internet address or the path of a socket file. */
export type ListenerAddress = { readonly address: string; readonly port: number } | { readonly path: string };

/** Where a listener is to be. */
export interface ListenerPlace {
  /** As the user gave it. */
  readonly text: string;
  /** Port 0 is any that is free. */
  readonly address: SocketAddress | undefined;
  /** Host path of a socket file. */
  readonly path: string | undefined;
}

/** Most bytes of the path of a socket file. */
const MOST_PATH_BYTES = 107;

/** Reads `IP:PORT`, `[IPv6]:PORT`, `PORT` on 127.0.0.1, or `unix:PATH`. Throws LoadError. */
export function parseListener(text: string): ListenerPlace {
  return text.startsWith(UNIX_SCHEME) ? parsePath(text) : parseAddress(text);
}

function refuse(text: string, problem: string): never {
  throw new LoadError(
    'bad-option',
    `"${text}": ${problem}`,
    'such as 127.0.0.1:8080, [::1]:8080, 8080 or unix:app.sock',
  );
}

function parsePath(text: string): ListenerPlace {
  const path = text.slice(UNIX_SCHEME.length);
  if (path === '') return refuse(text, 'names no file');
  const absolute = resolve(path);
  if (Buffer.byteLength(absolute) > MOST_PATH_BYTES || absolute.includes('\0')) {
    return refuse(text, `no path of a socket, of at most ${MOST_PATH_BYTES} bytes from the root`);
  }
  return { text, address: undefined, path: absolute };
}

function parseAddress(text: string): ListenerPlace {
  const whole = /^\d+$/.test(text) ? `127.0.0.1:${text}` : text;
  const [, bracketed, bare, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(whole) ?? [];
  if (digits === undefined) return refuse(text, 'no address with a port');
  const octets = parseIp(bracketed ?? bare ?? '');
  if (!octets) return refuse(text, `"${bracketed ?? bare}" is no address`);
  const port = Number(digits);
  if (port > 0xffff) return refuse(text, `"${digits}" is no port, 0 to 65535`);
  return { text, address: { family: familyOf(octets), port, octets }, path: undefined };
}
