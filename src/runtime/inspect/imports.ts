import { type CallName, findCall } from '../../abi/namespaces.js';
import type { ModuleImport, ModuleShape } from '../binary/module-shape.js';
import { checkImport } from '../link-check.js';
import type { ImportGroup, InspectedImport } from './inspection.js';

/** The call that a function import means, or undefined: of another kind, or unknown. */
export function callOf(entry: ModuleImport) {
  return entry.kind === 'function' ? findCall(entry.module, entry.name, entry.type.params.length) : undefined;
}

/** Judges every import and groups them by what they are about. */
export function inspectImports(
  shape: ModuleShape,
  isSupported: (call: CallName) => boolean,
): readonly ImportGroup[] {
  const groups = new Map<string, InspectedImport[]>();
  for (const entry of shape.imports) {
    const { family, inspected } = inspectImport(entry, shape, isSupported);
    const group = groups.get(family);
    if (group) group.push(inspected);
    else groups.set(family, [inspected]);
  }
  return [...groups].map(([family, imports]) => ({ family, imports }));
}

function inspectImport(
  entry: ModuleImport,
  shape: ModuleShape,
  isSupported: (call: CallName) => boolean,
): { family: string; inspected: InspectedImport } {
  const { module, name, kind } = entry;
  const problem = checkImport(entry, shape);
  if (problem) return { family: problem.family, inspected: { module, name, kind, status: problem.reason } };
  const call = callOf(entry);
  const status = call === undefined || isSupported(call.name) ? 'supported' : 'unsupported';
  return { family: call?.family ?? 'memory', inspected: { module, name, kind, status } };
}
