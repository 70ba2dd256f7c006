/**
 * What of the network a run may use: nothing that is not granted. Rules are text, read here once; the reactor asks for
 * each address that a program connects to or binds, and for each name that it resolves.
 *
 * A rule is `HOST` or `HOST:PORT`. HOST is an address (in brackets where an IPv6 address is followed by a port), a network
 * such as `10.0.0.0/8`, a name, `loopback`, or `*` for any. `unix:PATH` is about Unix-domain sockets (socket-path-rule.ts).
 */
import type { SocketAddress } from '../kernel/sockets/address.js';
import { parseIp, unmapped } from '../kernel/sockets/ip-text.js';
import { isLoopback, isSpecial, samePrefix } from './address-ranges.js';
import { canonicalName, LOCALHOST } from './host-names.js';
import { LoadError } from './load-error.js';
import { coversPath, parseSocketPath, UNIX_SCHEME } from './socket-path-rule.js';

/** What a program may reach and offer on the network, as lists of rules `HOST[:PORT]`. */
export interface NetGrants {
  /**
   * What it may connect to: an address, a network such as `10.0.0.0/8`, a host name, `loopback` or `*`, each with or
   * without a port: `example.org:443`, `[::1]:80`; or `unix:PATH`, a socket file in the program's tree, or all in a folder. The names among them may be resolved, with `*` all. Default: nothing.
   */
  readonly connect?: readonly string[];
  /**
   * What it may bind and listen on, likewise, but no names. `0.0.0.0` and `[::]` are addresses of their own. Default:
   * nothing.
   */
  readonly listen?: readonly string[];
  /** Name servers to ask instead of the system's, `ADDRESS` or `ADDRESS:PORT`. They need no grant. */
  readonly dns?: readonly string[];
}

type Host =
  | { readonly kind: 'any' | 'loopback' }
  | { readonly kind: 'network'; readonly octets: Uint8Array; readonly bits: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'path'; readonly path: string };

/** One rule; without `port` it is for all ports. */
export type NetRule = Host & { readonly port: number | undefined };

/** The rules of a run. A structured clone of it is one too. */
export interface NetPolicy {
  readonly connect: readonly NetRule[];
  readonly listen: readonly NetRule[];
  /** Name servers, `address:port`; none for the system's. */
  readonly dns: readonly string[];
}

/** Reads grants: `true` grants all, `false` nothing. Throws LoadError for a rule that is none. */
export function policyOf(grants: boolean | NetGrants): NetPolicy {
  if (grants === true) return policyOf({ connect: ['*'], listen: ['*'] });
  if (grants === false) return policyOf({});
  return {
    connect: (grants.connect ?? []).map(parseRule),
    listen: (grants.listen ?? []).map(parseListenRule),
    dns: (grants.dns ?? []).map(parseNameServer),
  };
}

/** Reads `HOST[:PORT]` or `unix:PATH`. Throws LoadError. */
export function parseRule(text: string): NetRule {
  if (text.startsWith(UNIX_SCHEME)) return { kind: 'path', path: parseSocketPath(text), port: undefined };
  const [host, port] = split(text);
  return { ...parseHost(text, host), port: port === undefined ? undefined : parsePort(text, port) };
}

/** Reads a rule about addresses of this machine. Throws LoadError. */
export function parseListenRule(text: string): NetRule {
  const rule = parseRule(text);
  if (rule.kind === 'path')
    return refuse(text, 'a socket file needs a writable directory instead', 'such as --dir HOST::GUEST');
  return rule.kind === 'name' ? refuse(text, 'a name, not an address', 'such as 127.0.0.1:8080') : rule;
}

/** Reads `ADDRESS[:PORT]`; answers both, in the form in which `node:dns` takes it. Throws LoadError. */
export function parseNameServer(text: string): string {
  const [host, port = '53'] = split(text);
  const octets = parseIp(host);
  // With a zone (`%eth0`) there is no asking it.
  if (!octets || host.includes('%'))
    return refuse(text, `"${host}" is no address of a name server`, 'such as 192.0.2.1:53');
  return `${octets.length === 4 ? host : `[${host}]`}:${parsePort(text, port)}`;
}

function refuse(text: string, problem: string, hint = 'grants are HOST or HOST:PORT'): never {
  throw new LoadError('bad-option', `"${text}": ${problem}`, hint);
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
  const name = canonicalName(host);
  // What looks like numbers is an address with a mistake in it, not a name.
  if (name === undefined || /^[\d.]+$/.test(name)) return refuse(text, `"${host}" is no address or name`);
  return { kind: 'name', name };
}

function parseNetwork(text: string, octets: Uint8Array, bits: string | undefined, more: boolean): Host {
  const most = octets.length * 8;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (more || !(length <= most)) return refuse(text, `"/${bits ?? ''}" is no prefix, 0 to ${most}`);
  return { kind: 'network', octets, bits: length };
}

/** Whether `octets` are an address that `name` was resolved to. */
export type Answered = (name: string, octets: Uint8Array) => boolean;

/** Whether one of the rules allows `address`. */
export function allows(
  rules: readonly NetRule[],
  address: SocketAddress,
  answered: Answered = () => false,
): boolean {
  const octets = unmapped(address.octets);
  return rules.some((rule) => coversPort(rule, address.port) && coversHost(rule, octets, answered));
}

/** The names by which a rule might allow `address`, if they resolve to it. */
export function namesFor(rules: readonly NetRule[], { octets, port }: SocketAddress): string[] {
  return rules.flatMap((rule) =>
    rule.kind === 'name' && coversPort(rule, port) && coversHost(rule, unmapped(octets), () => true)
      ? [rule.name]
      : [],
  );
}

/** Whether one of the rules is about `name`, a canonical one. */
export function hasName(rules: readonly NetRule[], name: string): boolean {
  return rules.some((rule) => rule.kind === 'name' && rule.name === name);
}

/** Whether the program may ask for the addresses of `name`, a canonical one. */
export function mayResolve(rules: readonly NetRule[], name: string): boolean {
  // That name says no more than the addresses, which are the same everywhere.
  if (name === LOCALHOST) return rules.length > 0;
  return hasName(rules, name) || rules.some(({ kind }) => kind === 'any');
}

/** Whether the program may connect to `octets`, which `name` was resolved to, at any port. */
export function mayAnswer(rules: readonly NetRule[], name: string, octets: Uint8Array): boolean {
  return rules.some((rule) => coversHost(rule, unmapped(octets), (known) => known === name));
}

/** Whether the program may connect to the socket file at `path`, a canonical path of its tree. */
export function allowsPath(rules: readonly NetRule[], path: string): boolean {
  return rules.some((rule) =>
    rule.kind === 'path' ? coversPath(rule.path, path) : rule.kind === 'any' && rule.port === undefined,
  );
}

/** Whether the program may use `octets`, an address of this machine, at any port. */
export function mayUse(rules: readonly NetRule[], octets: Uint8Array): boolean {
  return rules.some((rule) => coversHost(rule, unmapped(octets), () => false));
}

function coversPort({ port }: NetRule, asked: number): boolean {
  return port === undefined || port === asked;
}

/** @param octets an IPv4 address in the clothes of an IPv6 one as what it is underneath. */
function coversHost(rule: NetRule, octets: Uint8Array, answered: Answered): boolean {
  switch (rule.kind) {
    case 'any':
      return true;
    case 'path':
      return false;
    case 'loopback':
      return isLoopback(octets);
    case 'network': {
      const network = unmapped(rule.octets);
      const bits = network === rule.octets ? rule.bits : rule.bits - 96;
      return bits >= 0 && network.length === octets.length && samePrefix(network, octets, bits);
    }
    case 'name':
      // Who runs the name's domain decides what it resolves to: that must not open this machine to the program.
      if (rule.name === LOCALHOST ? !isLoopback(octets) : isSpecial(octets)) return false;
      return answered(rule.name, octets);
  }
}
