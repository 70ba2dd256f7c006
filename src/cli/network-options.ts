/** `--net` and `--listen-on`: what of the network a program is granted. */

import { LoadError } from '../runtime/load-error.js';
import type { NetGrants } from '../runtime/network-policy.js';
import { parseRule } from '../runtime/network-policy.js';

/** What the options come to, as they are met. */
export interface NetworkMet {
  all: boolean;
  readonly connect: string[];
  readonly listen: string[];
}

export const noNetwork = (): NetworkMet => ({ all: false, connect: [], listen: [] });

/** `--net` alone grants everything; with a list, what may be connected to. `loopback` may be listened on as well. */
export function grantNetwork(met: NetworkMet, text: string): void {
  if (text === '') met.all = true;
  for (const rule of text === '' ? [] : text.split(',')) {
    checkRule('--net', rule);
    met.connect.push(rule);
    if (/^loopback(:|$)/.test(rule)) met.listen.push(rule);
  }
}

/** `ADDR[:PORT]`: an address of this machine to listen on. */
export function grantListening(met: NetworkMet, text: string): void {
  for (const rule of text.split(',')) {
    if (checkRule('--listen-on', rule).kind === 'name') {
      throw new LoadError(
        'bad-option',
        `--listen-on ${rule}: a name, not an address`,
        'such as 127.0.0.1:8080',
      );
    }
    met.listen.push(rule);
  }
}

function checkRule(option: string, rule: string) {
  try {
    return parseRule(rule);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw new LoadError('bad-option', `${option}: ${error.message}`, error.hint);
  }
}

/** The grants for the API; undefined where there are none. */
export function grantsOf({ all, connect, listen }: NetworkMet): boolean | NetGrants | undefined {
  if (all) return true;
  return connect.length + listen.length === 0 ? undefined : { connect, listen };
}
