/** Host names as text. */
import { domainToASCII } from 'node:url';

/** The one name that means the same on every machine (RFC 6761). */
export const LOCALHOST = 'localhost';

const LONGEST = 253;

/**
 * The name as names are compared: in lower case, without the final dot, other letters than ASCII's encoded. Undefined for a
 * text that is no host name.
 */
export function canonicalName(text: string): string | undefined {
  // Made for addresses of the web, it would leave out line ends.
  const ascii = /[^\x21-\x7e]/.test(text) && !/\s/.test(text) ? domainToASCII(text) : text;
  const name = ascii.toLowerCase().replace(/\.$/, '');
  return name.length <= LONGEST && /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name) ? name : undefined;
}
