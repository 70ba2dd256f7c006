/** `wasix-run inspect`. */
import { formatInspection, inspectModule } from '../runtime/inspect.js';
import { readShape } from '../runtime/load.js';
import { readSource } from '../runtime/read-source.js';
import { writeText } from './output.js';
import type { InspectRequest } from './request.js';

/** Status for a module that cannot run here, as when it is run. */
const CANNOT_RUN = 126;

/** Prints what is to be said of a module, and returns the status. Throws LoadError. */
export function inspectCommand({ module }: InspectRequest): number {
  const inspection = inspectModule(readShape(module, readSource(module)));
  writeText(1, `${formatInspection(inspection, module)}\n`);
  return inspection.verdict.status === 'cannot-run' ? CANNOT_RUN : 0;
}
