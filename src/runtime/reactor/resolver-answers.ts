import { formatIp, unmapped } from '../../kernel/sockets/ip-text.js';

/** How long an address counts as the name's after it was resolved to it: programs resolve once and connect again later. */
const LIFETIME_MS = 600_000;

/** For each name; what was resolved least recently goes first. */
const MOST_ADDRESSES = 256;

/**
 * What names were resolved to: the addresses that a grant with a name is about. So a program may connect to what it was
 * answered, whatever the name resolves to by then.
 */
export class Answers {
  /** When an address is no longer the name's, by name and address. */
  readonly #expiries = new Map<string, Map<string, number>>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that does not go backwards. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(name: string, addresses: readonly Uint8Array[]): void {
    const known = this.#expiries.get(name) ?? new Map<string, number>();
    this.#expiries.set(name, known);
    for (const octets of addresses) {
      const text = textOf(octets);
      known.delete(text);
      known.set(text, this.#now() + LIFETIME_MS);
    }
    for (const text of known.keys()) {
      if (known.size <= MOST_ADDRESSES) break;
      known.delete(text);
    }
  }

  has(name: string, octets: Uint8Array): boolean {
    const expiry = this.#expiries.get(name)?.get(textOf(octets));
    return expiry !== undefined && this.#now() < expiry;
  }
}

const textOf = (octets: Uint8Array) => formatIp(unmapped(octets));
