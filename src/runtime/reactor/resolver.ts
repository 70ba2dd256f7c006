import { lookup } from 'node:dns/promises';
import { Errno } from '../../abi/errno.js';
import { codeOf } from '../../kernel/files/host-error.js';
import { formatIp, parseIp } from '../../kernel/sockets/ip-text.js';
import { isLoopback } from '../address-ranges.js';
import { LOCALHOST } from '../host-names.js';
import { addressesFromHosts } from './resolver-hosts.js';
import { askServers, isSilence, saysNoSuchName } from './resolver-servers.js';
import { Turns } from './resolver-turns.js';

/** Further ones wait: a program with a thousand threads is not to flood the network with questions. */
const AT_ONCE = 8;

/** How long a lookup may take, its wait for a turn included. */
const PATIENCE_MS = 30_000;

/** What a name resolves to, or why it does not: NOENT for no such name, AGAIN where nobody could tell. */
export interface Resolution {
  readonly errno: Errno;
  readonly addresses: readonly Uint8Array[];
}

/**
 * Finds the addresses of names, canonical ones: in the host's table of names, then by asking name servers, which are given
 * or the system's. Names that only the system can find, such as those of its search domains, are left to the system.
 */
export class NameResolver {
  readonly #servers: readonly string[];
  readonly #patience: number;
  readonly #turns = new Turns(AT_ONCE);
  /** Who asks for a name while it is being looked up gets the same answer. */
  readonly #underWay = new Map<string, Promise<Resolution>>();

  /**
   * @param servers `address:port` each; none for the system's.
   * @param patience milliseconds
   */
  constructor(servers: readonly string[], patience = PATIENCE_MS) {
    this.#servers = servers;
    this.#patience = patience;
  }

  resolve(name: string): Promise<Resolution> {
    const known = this.#underWay.get(name);
    if (known) return known;
    const resolution = this.#within(name).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, resolution);
    return resolution;
  }

  /** Gives up when it takes too long. What cannot be cancelled goes on, and keeps its turn, but nobody hears of it. */
  async #within(name: string): Promise<Resolution> {
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const givenUp = new Promise<Resolution>((resolve) => {
      timer = setTimeout(() => {
        resolve(failed(Errno.AGAIN));
        late.abort();
      }, this.#patience);
    });
    const { signal } = late;
    const found = this.#turns.take(() => this.#find(name, signal));
    const resolution = await Promise.race([found, givenUp]);
    clearTimeout(timer);
    return resolution;
  }

  async #find(name: string, signal: AbortSignal): Promise<Resolution> {
    // Never asked of a name server, as RFC 6761 wants it.
    if (name === LOCALHOST) return succeeded(await localhost());
    const known = await addressesFromHosts(name);
    if (known.length > 0) return succeeded(known);
    // Given up before its turn came, or just now: nothing would cancel the question.
    if (signal.aborted) return failed(Errno.AGAIN);
    try {
      return succeeded(octetsOf(await this.#ask(name, signal)));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return failed(saysNoSuchName(error) ? Errno.NOENT : Errno.AGAIN);
    }
  }

  /**
   * The system's own resolver comes last, because nothing ends it: while its servers are silent, neither a worker nor
   * Node's process could end. So it is asked only when they have said something.
   */
  async #ask(name: string, signal: AbortSignal): Promise<string[]> {
    try {
      return await askServers(name, this.#servers, signal);
    } catch (error) {
      if (this.#servers.length > 0 || isSilence(error)) throw error;
      const found = await lookup(name, { all: true, verbatim: true });
      return found.map(({ address }) => address);
    }
  }
}

async function localhost(): Promise<Uint8Array[]> {
  const known = (await addressesFromHosts(LOCALHOST)).filter(isLoopback);
  return known.length > 0 ? known : octetsOf(['127.0.0.1', '::1']);
}

function octetsOf(addresses: readonly string[]): Uint8Array[] {
  return addresses.flatMap((address) => parseIp(address) ?? []);
}

const failed = (errno: Errno): Resolution => ({ errno, addresses: [] });

function succeeded(addresses: readonly Uint8Array[]): Resolution {
  const different = [...new Map(addresses.map((octets) => [formatIp(octets), octets])).values()];
  return different.length > 0 ? { errno: Errno.SUCCESS, addresses: different } : failed(Errno.NOENT);
}
