import type { EntryInit, TableUser } from './table.js';
import { lowestFree, put, release, withTable } from './table.js';

/** What is to get a number: a description, whose reference is taken over, and what its entry says beside it. */
export interface NewDescriptor {
  readonly file: number;
  readonly init: EntryInit;
}

/** Puts two descriptions at the two lowest free numbers, or neither: MFILE when the table is full. */
export function installBoth(
  user: TableUser,
  first: NewDescriptor,
  second: NewDescriptor,
): readonly [number, number] {
  try {
    return withTable(user, () => {
      const low = lowestFree(user, 0);
      const high = lowestFree(user, low + 1);
      put(user, low, first.file, first.init);
      put(user, high, second.file, second.init);
      return [low, high] as const;
    });
  } catch (error) {
    release(user, first.file);
    release(user, second.file);
    throw error;
  }
}
