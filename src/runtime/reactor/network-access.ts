import { networkInterfaces } from 'node:os';
import { Errno } from '../../abi/errno.js';
import { familyOf, type SocketAddress } from '../../kernel/sockets/address.js';
import { parseIp, shortIp } from '../../kernel/sockets/ip-text.js';
import { canonicalName } from '../host-names.js';
import {
  allows,
  allowsPath,
  hasName,
  mayAnswer,
  mayResolve,
  mayUse,
  type NetPolicy,
  namesFor,
} from '../network-policy.js';
import type { NameResolver, Resolution } from './resolver.js';
import { Answers } from './resolver-answers.js';

/** Decides what the run's policy allows, and says once for each kind of use that something was refused. */
export class NetworkAccess {
  readonly #policy: NetPolicy;
  readonly #resolver: Pick<NameResolver, 'resolve'>;
  readonly #notice: (text: string) => void;
  readonly #answers = new Answers();
  readonly #told = new Set<'connect' | 'listen' | 'resolve'>();

  constructor(policy: NetPolicy, resolver: Pick<NameResolver, 'resolve'>, notice: (text: string) => void) {
    this.#policy = policy;
    this.#resolver = resolver;
    this.#notice = notice;
  }

  async mayConnect(address: SocketAddress): Promise<boolean> {
    if (allows(this.#policy.connect, address) || (await this.#isNamed(address))) return true;
    const place = placeOf(address);
    this.#tell('connect', `connect to ${place}`, `--net=${place}`);
    return false;
  }

  /** Port 0, any port, needs a grant without a port. */
  async mayListen(address: SocketAddress): Promise<boolean> {
    if (allows(this.#policy.listen, address)) return true;
    const place = placeOf(address);
    this.#tell('listen', `bind ${place}`, `--listen-on ${place}`);
    return false;
  }

  /** Whether the program may connect to the socket file at `path` of its tree, made by somebody else. */
  mayConnectToPath(path: string): boolean {
    return allowsPath(this.#policy.connect, path);
  }

  /** Says that it may not. */
  refusePath(path: string): void {
    this.#tell('connect', `connect to the socket ${path}`, `--net=unix:${path}`);
  }

  /** The addresses of `text` that the program may connect to; ACCES where there are none but others. */
  async resolve(text: string): Promise<Resolution> {
    const name = canonicalName(text);
    if (name === undefined) return { errno: Errno.NOENT, addresses: [] };
    if (!mayResolve(this.#policy.connect, name)) {
      this.#tell('resolve', `resolve ${name}`, `--net=${name}`);
      return { errno: Errno.ACCES, addresses: [] };
    }
    const { errno, addresses } = await this.#lookUp(name);
    const allowed = addresses.filter((octets) => mayAnswer(this.#policy.connect, name, octets));
    if (errno !== Errno.SUCCESS || allowed.length > 0) return { errno, addresses: allowed };
    const place = placeOf({ octets: addresses[0]!, port: 0 });
    this.#tell('resolve', `connect to ${place}, which ${name} resolves to`, `--net=${place}`);
    return { errno: Errno.ACCES, addresses: [] };
  }

  /**
   * The addresses of this machine that the program may listen on, the lengths of their prefixes as ports: what it could
   * find out by trying. NOTSUP where there are none, as if there were no such call (ABI §2.10).
   */
  interfaces(): { readonly errno: Errno; readonly addresses: readonly SocketAddress[] } {
    const addresses = Object.values(networkInterfaces()).flatMap((known = []) =>
      known.flatMap(({ address, cidr }) => {
        const octets = parseIp(address);
        if (!octets || !mayUse(this.#policy.listen, octets)) return [];
        const port = Number(cidr?.split('/')[1] ?? octets.length * 8);
        return [{ family: familyOf(octets), octets, port }];
      }),
    );
    return { errno: addresses.length > 0 ? Errno.SUCCESS : Errno.NOTSUP, addresses };
  }

  /** Whether it is an address of a name that the program may connect to: as it was answered, or else as it is now. */
  async #isNamed(address: SocketAddress): Promise<boolean> {
    const { connect } = this.#policy;
    const answered = (name: string, octets: Uint8Array) => this.#answers.has(name, octets);
    if (allows(connect, address, answered)) return true;
    await Promise.all(namesFor(connect, address).map((name) => this.#lookUp(name)));
    return allows(connect, address, answered);
  }

  async #lookUp(name: string): Promise<Resolution> {
    const resolution = await this.#resolver.resolve(name);
    // Kept for rules that are about this name, and not for whatever names a guest can think of.
    if (hasName(this.#policy.connect, name)) this.#answers.add(name, resolution.addresses);
    return resolution;
  }

  #tell(use: 'connect' | 'listen' | 'resolve', deed: string, remedy: string): void {
    if (this.#told.has(use)) return;
    this.#told.add(use);
    this.#notice(`the program may not ${deed}: ${remedy} allows it`);
  }
}

function placeOf({ octets, port }: Pick<SocketAddress, 'octets' | 'port'>): string {
  const host = octets.length === 4 ? shortIp(octets) : `[${shortIp(octets)}]`;
  return port === 0 ? host : `${host}:${port}`;
}
