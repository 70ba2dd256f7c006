import type { ModuleShape } from '../binary/module-shape.js';
import type { FeatureInspection } from './inspection.js';

/** Exports of a module that asyncify has been run on (ABI §1.3). */
export const asyncifyExports: readonly string[] = [
  'asyncify_start_unwind',
  'asyncify_stop_unwind',
  'asyncify_start_rewind',
  'asyncify_stop_rewind',
  'asyncify_get_state',
];

export function inspectFeatures(shape: ModuleShape): FeatureInspection {
  const exported = new Set(shape.exports.map(({ name }) => name));
  return {
    exceptions: shape.usesExceptions,
    startSection: shape.startFunction !== undefined,
    asyncify: asyncifyExports.filter((name) => exported.has(name)),
    dynamicLinking: shape.customSections.some(({ name }) => name === 'dylink.0'),
  };
}
