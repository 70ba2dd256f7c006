/** Sets that watch sets: without circles, and only so deep. The caller holds the watches. */
import { Errno } from '../../abi/errno.js';
import { FILE, FileKind } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { ITEM, SET } from './words.js';

/** The longest way from a set through sets that it watches, in steps; as on Linux. */
const DEEPEST = 4;

/** Steps down from `set`; LOOP when one leads to `outer`. */
function stepsDown(kernel: KernelMemory, set: number, outer: number): number {
  if (set === outer) fail(Errno.LOOP);
  kernel.reach(set, SET.WORDS);
  let most = 0;
  for (let item = kernel.words[set + SET.ITEMS]!; item !== 0; item = kernel.words[item + ITEM.SET_LINKS]!) {
    kernel.reach(item, ITEM.WORDS);
    const file = kernel.words[item + ITEM.WATCHED]!;
    kernel.reach(file, FILE.WORDS);
    if (kernel.words[file + FILE.KIND] !== FileKind.EPOLL) continue;
    most = Math.max(most, 1 + stepsDown(kernel, kernel.words[file + FILE.SET]!, outer));
  }
  return most;
}

/** Steps up from `set` to sets that watch it. */
function stepsUp(kernel: KernelMemory, set: number): number {
  kernel.reach(set, SET.WORDS);
  const file = kernel.words[set + SET.FILE]!;
  kernel.reach(file, FILE.WORDS);
  let most = 0;
  let item = kernel.words[file + FILE.WATCHES]!;
  while (item !== 0) {
    kernel.reach(item, ITEM.WORDS);
    most = Math.max(most, 1 + stepsUp(kernel, kernel.words[item + ITEM.SET]!));
    item = kernel.words[item + ITEM.WATCH_LINKS]!;
  }
  return most;
}

/** LOOP when `outer` may not watch `inner`, because a circle or too deep a nest would come of it. */
export function checkNesting(kernel: KernelMemory, outer: number, inner: number): void {
  if (stepsDown(kernel, inner, outer) + 1 + stepsUp(kernel, outer) > DEEPEST) fail(Errno.LOOP);
}
