/**
 * What of the network a run may use: nothing that is not granted. Rules are text, read here once; the reactor asks for
 * each address that a program connects to or binds, after names are resolved.
 *
 * A rule is `HOST` or `HOST:PORT`. HOST is an address (in brackets where an IPv6 address is followed by a port), a network
 * such as `10.0.0.0/8`, a name, `loopback`, or `*` for any.
 */
import type { SocketAddress } from '../kernel/sockets/address.js';
import { parseIp, unmapped } from '../kernel/sockets/ip-text.js';
import { LoadError } from './load-error.js';

/** What a program may reach and offer on the network, as lists of rules `HOST[:PORT]`. */
export interface NetGrants {
  /**
   * What it may connect to: an address, a network such as `10.0.0.0/8`, a host name, `loopback` or `*`, each with or
   * without a port: `example.org:443`, `[::1]:80`. Default: nothing.
   */
  readonly connect?: readonly string[];
  /** What it may bind and listen on, likewise. `0.0.0.0` and `[::]` are addresses of their own. Default: nothing. */
  readonly listen?: readonly string[];
}

type Host =
  | { readonly kind: 'any' | 'loopback' }
  | { readonly kind: 'network'; readonly octets: Uint8Array; readonly bits: number }
  | { readonly kind: 'name'; readonly name: string };

/** One rule; without `port` it is for all ports. */
export type NetRule = Host & { readonly port: number | undefined };

/** The rules of a run. A structured clone of it is one too. */
export interface NetPolicy {
  readonly connect: readonly NetRule[];
  readonly listen: readonly NetRule[];
}

/** Reads grants: `true` grants all, `false` nothing. Throws LoadError for a rule that is none. */
export function policyOf(grants: boolean | NetGrants): NetPolicy {
  if (grants === true) return policyOf({ connect: ['*'], listen: ['*'] });
  if (grants === false) return policyOf({});
  return {
    connect: (grants.connect ?? []).map(parseRule),
    listen: (grants.listen ?? []).map(parseRule),
  };
}

/** Reads `HOST[:PORT]`. Throws LoadError. */
export function parseRule(text: string): NetRule {
  const [host, port] = split(text);
  return { ...parseHost(text, host), port: port === undefined ? undefined : parsePort(text, port) };
}

function refuse(text: string, problem: string): never {
  throw new LoadError(
    'bad-option',
    `"${text}" is no network grant: ${problem}`,
    'grants are HOST or HOST:PORT',
  );
}

/** Host and port; a bare IPv6 address has colons of its own. */
function split(text: string): readonly [host: string, port: string | undefined] {
  const bracketed = /^\[(.*)\](?::(.*))?$/.exec(text);
  if (bracketed) return [bracketed[1] ?? '', bracketed[2]];
  const [address = ''] = text.split('/');
  const colon = text.lastIndexOf(':');
  if (colon < 0 || parseIp(address)?.length === 16) return [text, undefined];
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function parsePort(text: string, port: string): number {
  const value = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  return value >= 1 && value <= 0xffff ? value : refuse(text, `"${port}" is no port, 1 to 65535`);
}

function parseHost(text: string, host: string): Host {
  if (host === '*') return { kind: 'any' };
  if (host === 'loopback') return { kind: 'loopback' };
  const [address = '', bits, ...more] = host.split('/');
  const octets = parseIp(address);
  if (octets) return parseNetwork(text, octets, bits, more.length > 0);
  const isName = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i.test(host);
  // What looks like numbers is an address with a mistake in it, not a name.
  if (!isName || /^[\d.]+$/.test(host)) return refuse(text, `"${host}" is no address or name`);
  return { kind: 'name', name: host };
}

function parseNetwork(text: string, octets: Uint8Array, bits: string | undefined, more: boolean): Host {
  const most = octets.length * 8;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (more || !(length <= most)) return refuse(text, `"/${bits ?? ''}" is no prefix, 0 to ${most}`);
  return { kind: 'network', octets, bits: length };
}

/** The names in the rules that might allow `port`: those to resolve before `allows` is asked. */
export function namesFor(rules: readonly NetRule[], port: number): string[] {
  return rules.flatMap((rule) => (rule.kind === 'name' && coversPort(rule, port) ? [rule.name] : []));
}

/** Whether one of the rules allows `address`; `resolved` are the addresses of names. */
export function allows(
  rules: readonly NetRule[],
  address: SocketAddress,
  resolved: ReadonlyMap<string, readonly Uint8Array[]> = new Map(),
): boolean {
  // An IPv4 address in the clothes of an IPv6 one is what it is underneath.
  const octets = unmapped(address.octets);
  return rules.some((rule) => coversPort(rule, address.port) && coversHost(rule, octets, resolved));
}

function coversPort({ port }: NetRule, asked: number): boolean {
  return port === undefined || port === asked;
}

function coversHost(
  rule: NetRule,
  octets: Uint8Array,
  resolved: ReadonlyMap<string, readonly Uint8Array[]>,
): boolean {
  switch (rule.kind) {
    case 'any':
      return true;
    case 'loopback':
      return isLoopback(octets);
    case 'network': {
      const network = unmapped(rule.octets);
      const bits = network === rule.octets ? rule.bits : rule.bits - 96;
      return bits >= 0 && network.length === octets.length && samePrefix(network, octets, bits);
    }
    case 'name':
      return (resolved.get(rule.name) ?? []).some((known) => samePrefix(unmapped(known), octets));
  }
}

function isLoopback(octets: Uint8Array): boolean {
  if (octets.length === 4) return octets[0] === 127;
  return octets.every((octet, i) => octet === (i === 15 ? 1 : 0));
}

function samePrefix(one: Uint8Array, other: Uint8Array, bits = one.length * 8): boolean {
  if (one.length !== other.length) return false;
  return one.every((octet, i) => {
    const counted = Math.min(8, Math.max(0, bits - 8 * i));
    return (octet ^ other[i]!) >> (8 - counted) === 0;
  });
}
