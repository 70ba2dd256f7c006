import { readFile } from 'node:fs/promises';
import { parseIp } from '../../kernel/sockets/ip-text.js';
import { canonicalName } from '../host-names.js';

const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** The addresses that the host's own table of names has for `name`, a canonical one. */
export async function addressesFromHosts(name: string): Promise<Uint8Array[]> {
  const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return findInHosts(text, name);
}

/** Looks `name` up in the text of a hosts file: lines of an address and the names that it has. */
export function findInHosts(text: string, name: string): Uint8Array[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!names.some((known) => canonicalName(known) === name)) return [];
    return parseIp(address) ?? [];
  });
}
