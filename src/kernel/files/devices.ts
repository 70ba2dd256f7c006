/** The entries of the guest's `/dev`. They have no host file: who opens one gets its name and acts on that. */
export type DeviceName = 'null' | 'zero' | 'full' | 'urandom' | 'tty' | 'stdin' | 'stdout' | 'stderr';

/** What each name in `/dev` opens. `random` does not block on any current system, so it is `urandom`. */
export const deviceEntries: Readonly<Record<string, DeviceName>> = {
  full: 'full',
  null: 'null',
  random: 'urandom',
  stderr: 'stderr',
  stdin: 'stdin',
  stdout: 'stdout',
  tty: 'tty',
  urandom: 'urandom',
  zero: 'zero',
};
