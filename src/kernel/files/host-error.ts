import { Errno } from '../../abi/errno.js';

/** Codes of Node's system errors whose name in the ABI is not just the code without its E. */
const renamed: Readonly<Record<string, Errno>> = {
  E2BIG: Errno.TOOBIG,
  EWOULDBLOCK: Errno.AGAIN,
  EOPNOTSUPP: Errno.NOTSUP,
  EDEADLOCK: Errno.DEADLK,
  // NetBSD's answer to opening a link with O_NOFOLLOW.
  EFTYPE: Errno.LOOP,
  // libuv's names for what has no errno of its own.
  ECHARSET: Errno.ILSEQ,
  EOF: Errno.IO,
  UNKNOWN: Errno.IO,
  EREMOTEIO: Errno.IO,
  ENODATA: Errno.NOMSG,
  ESHUTDOWN: Errno.PIPE,
};

const notFromHost: ReadonlySet<string> = new Set([
  'SUCCESS',
  'TOOBIG',
  'MEMVIOLATION',
  'UNKNOWN',
  'PENDING',
  'NOTCAPABLE',
]);

let table: ReadonlyMap<string, Errno> | undefined;

/** Made at the first error: most programs start without one. */
function byCode(): ReadonlyMap<string, Errno> {
  table ??= new Map<string, Errno>([
    ...Object.entries(Errno)
      .filter(([name]) => !notFromHost.has(name))
      .map(([name, errno]): [string, Errno] => [`E${name}`, errno]),
    ...Object.entries(renamed),
  ]);
  return table;
}

/**
 * The errno (ABI §3.1) of an error thrown by Node's `fs`; undefined for anything that is not a host system
 * error, which then is a fault of this program and must not be shown to the guest as an errno.
 */
export function errnoOfHostError(error: unknown): Errno | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : byCode().get(code);
}

/** The `code` of a Node error, such as `'ENOENT'`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
