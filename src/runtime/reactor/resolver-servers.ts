import { Resolver } from 'node:dns/promises';
import { codeOf } from '../../kernel/files/host-error.js';

/** For each server the first time; it doubles with each of the tries. */
const PATIENCE_MS = 2500;
const TRIES = 3;

/** Codes of `node:dns` that say that there is no such name, or that it has no address. */
const NO_SUCH_NAME: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Whether an error of `node:dns` is an answer, not the lack of one. */
export function saysNoSuchName(error: unknown): boolean {
  return NO_SUCH_NAME.has(codeOf(error));
}

/** Whether it is the error of servers that did not answer, or were not waited for. */
export function isSilence(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ETIMEOUT' || code === 'ECANCELLED';
}

/**
 * The IPv4 and then the IPv6 addresses of `name`, as texts. Rejects with an error of `node:dns` when there are none.
 * @param servers `address:port` each; none for those that the system is set up with at this moment.
 * @param signal gives up, at once.
 */
export async function askServers(
  name: string,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length > 0) return found;
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  throw errors.find((error) => !saysNoSuchName(error)) ?? errors[0];
}
