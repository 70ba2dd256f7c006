/** Runs a script on two hosts, on equal trees, and compares answer by answer and then the trees. */
import { expect } from 'vitest';
import { type Answer, type Call, describeCall } from './calls.js';
import type { Difference } from './disagreements.js';
import type { Host } from './hosts.js';
import { outcomeOf } from './outcome.js';
import { type Moat, Tree } from './tree.js';

/** Calls that change nothing: a different answer of theirs leaves both hosts in the same state. */
const reading = new Set([
  ...['fd_tell', 'fd_filestat_get', 'fd_readdir', 'fd_readdir from an entry', 'path_readlink'],
  ...['path_filestat_get', 'fd_fdstat_get', 'fd_prestat_get', 'fd_prestat_dir_name', 'poll_oneoff'],
  ...['fd_advise', 'fd_sync', 'fd_datasync', 'clock_res_get', 'clock_time_get'],
]);

export interface Comparison {
  readonly ours: Host;
  readonly theirs: Host;
  readonly moat: Moat;
  /** Why the two may differ so; undefined when they may not. */
  readonly disagreementOf: (difference: Difference) => string | undefined;
  /** How often a call was compared that succeeded on both. */
  readonly successes: Map<string, number>;
}

/** Compares call by call, up to one that leaves the hosts in different states. Answers whether all were compared. */
function compareAnswers(
  { disagreementOf, successes }: Comparison,
  calls: readonly Call[],
  here: readonly Answer[],
  there: readonly Answer[],
): boolean {
  for (const [i, call] of calls.entries()) {
    // Theirs hangs for ever in some calls after some errors (hosts.ts), or ends.
    if (there[i] === undefined) return false;
    const [a, b] = [outcomeOf(call, here[i]!), outcomeOf(call, there[i])];
    const [oursWorks, theirsWorks] = [a.startsWith('SUCCESS'), b.startsWith('SUCCESS')];
    if (a === b) {
      if (oursWorks) successes.set(call.call, (successes.get(call.call) ?? 0) + 1);
      continue;
    }
    if (disagreementOf({ call, ours: a, theirs: b }) === undefined) {
      const before = calls.slice(0, i).map((each, j) => `${describeCall(each)} = ${here[j]!.errno}`);
      throw new Error([...before, `${describeCall(call)}: ours ${a}, theirs ${b}`].join('\n'));
    }
    if ((oursWorks || theirsWorks) && !reading.has(call.call)) return false;
  }
  return true;
}

/** Fails when the hosts differ in a way that is not known. */
export async function sameOnBoth(comparison: Comparison, calls: readonly Call[]): Promise<void> {
  const { ours, theirs, moat } = comparison;
  const trees = [new Tree(moat), new Tree(moat)] as const;
  try {
    const here = await ours.perform(calls, trees[0]);
    expect(here).toHaveLength(calls.length);
    const there = await theirs.perform(calls, trees[1]);
    if (compareAnswers(comparison, calls, here, there)) expect(trees[0].list()).toEqual(trees[1].list());
  } finally {
    for (const tree of trees) tree.dispose();
  }
}
