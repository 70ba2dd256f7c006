import { lookup } from 'node:dns/promises';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { parseIp, shortIp } from '../../kernel/sockets/ip-text.js';
import { allows, type NetPolicy, type NetRule, namesFor } from '../network-policy.js';

/** How to be allowed, as the notice of a refusal says it. */
const REMEDIES = {
  connect: (place: string) => `--net=${place} allows it`,
  listen: (place: string) => `--listen-on ${place} allows it`,
} as const;

/** Decides what the run's policy allows, and says once for each kind of use that something was refused. */
export class NetworkAccess {
  readonly #policy: NetPolicy;
  readonly #notice: (text: string) => void;
  readonly #told = new Set<keyof NetPolicy>();

  constructor(policy: NetPolicy, notice: (text: string) => void) {
    this.#policy = policy;
    this.#notice = notice;
  }

  mayConnect(address: SocketAddress): Promise<boolean> {
    return this.#may('connect', address);
  }

  /** Port 0, any port, needs a grant without a port. */
  mayListen(address: SocketAddress): Promise<boolean> {
    return this.#may('listen', address);
  }

  async #may(use: keyof NetPolicy, address: SocketAddress): Promise<boolean> {
    const rules = this.#policy[use];
    if (allows(rules, address) || allows(rules, address, await resolveNames(rules, address.port)))
      return true;
    if (!this.#told.has(use)) {
      this.#told.add(use);
      const place = placeOf(address);
      this.#notice(
        `the program may not ${use === 'connect' ? 'connect to' : 'bind'} ${place}: ${REMEDIES[use](place)}`,
      );
    }
    return false;
  }
}

function placeOf({ octets, port }: SocketAddress): string {
  const host = octets.length === 4 ? shortIp(octets) : `[${shortIp(octets)}]`;
  return port === 0 ? host : `${host}:${port}`;
}

/** The addresses of the names in `rules` that matter for `port`. A name that cannot be resolved grants nothing. */
async function resolveNames(
  rules: readonly NetRule[],
  port: number,
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const resolved = await Promise.all(
    namesFor(rules, port).map(async (name): Promise<[string, Uint8Array[]]> => {
      const found = await lookup(name, { all: true }).catch(() => []);
      return [name, found.flatMap(({ address }) => parseIp(address) ?? [])];
    }),
  );
  return new Map(resolved);
}
