/**
 * A parked worker collects no garbage, and the memory of a guest that is over stays allocated until every worker that
 * held it has collected. So workers do that now and then as processes leave them.
 */
import { v8Module, vmModule } from '../../kernel/builtin-modules.js';

/** Processes forgotten between two collections: a collection takes a few milliseconds. */
const INTERVAL = 16;

let forgotten = 0;
let collect: (() => void) | undefined;

/** Notes that a process was forgotten; every `INTERVAL`th time it collects. */
export function collectGarbage(): void {
  if (++forgotten % INTERVAL !== 0) return;
  if (!collect) {
    v8Module().setFlagsFromString('--expose-gc');
    collect = vmModule().runInNewContext('gc') as () => void;
  }
  collect();
}
