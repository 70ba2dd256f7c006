/** `--net`, `--listen-on`, `--dns` and `--listen`: what of the network a program is granted or handed. */

import { parseListener } from '../runtime/listener-place.js';
import { LoadError } from '../runtime/load-error.js';
import type { NetGrants } from '../runtime/network-policy.js';
import { parseListenRule, parseNameServer, parseRule } from '../runtime/network-policy.js';

/** What the options come to, as they are met. */
export interface NetworkMet {
  all: boolean;
  readonly connect: string[];
  readonly listen: string[];
  readonly dns: string[];
}

export const noNetwork = (): NetworkMet => ({ all: false, connect: [], listen: [], dns: [] });

/** `--net` alone grants everything; with a list, what may be connected to. `loopback` may be listened on as well. */
export function grantNetwork(met: NetworkMet, text: string): void {
  if (text === '') met.all = true;
  for (const rule of text === '' ? [] : text.split(',')) {
    check('--net', rule, parseRule);
    met.connect.push(rule);
    if (/^loopback(:|$)/.test(rule)) met.listen.push(rule);
  }
}

/** `ADDR[:PORT]`: an address of this machine to listen on. */
export function grantListening(met: NetworkMet, text: string): void {
  for (const rule of text.split(',')) {
    check('--listen-on', rule, parseListenRule);
    met.listen.push(rule);
  }
}

/** `ADDR[:PORT]`: a name server to ask instead of the system's. */
export function chooseNameServers(met: NetworkMet, text: string): void {
  for (const server of text.split(',')) {
    check('--dns', server, parseNameServer);
    met.dns.push(server);
  }
}

/** `ADDR`: a listener that the program is handed. Answers what it is handed with it. */
export function handListener(listeners: readonly string[] = [], text: string): string[] {
  check('--listen', text, parseListener);
  return [...listeners, text];
}

function check(option: string, text: string, parse: (text: string) => unknown): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw new LoadError('bad-option', `${option}: ${error.message}`, error.hint);
  }
}

/** The grants for the API; undefined where there are none. */
export function grantsOf({ all, connect, listen, dns }: NetworkMet): boolean | NetGrants | undefined {
  if (all) return dns.length === 0 ? true : { connect: ['*'], listen: ['*'], dns };
  if (connect.length + listen.length === 0) return undefined;
  return dns.length === 0 ? { connect, listen } : { connect, listen, dns };
}
