import { findCall } from '../../abi/namespaces.js';
import type { ModuleShape } from '../binary/module-shape.js';
import type { Abi, AbiInspection } from './inspection.js';

const namespaceAbi: Readonly<Record<string, Abi>> = {
  wasi_snapshot_preview1: 'preview1',
  wasi_unstable: 'wasi_unstable',
  wasi: 'wasi-threads',
  wasix_32v1: 'WASIX',
  wasix_64v1: 'WASIX',
};

const order: readonly Abi[] = ['preview1', 'wasi_unstable', 'wasi-threads', 'WASIX'];

/** Tells the ABI of a module from the namespaces of its function imports (ABI §1.1). */
export function inspectAbi({ imports }: ModuleShape): AbiInspection {
  const found = new Set<Abi>();
  for (const { kind, module, name } of imports) {
    if (kind !== 'function' || !Object.hasOwn(namespaceAbi, module)) continue;
    const threads = findCall(module, name)?.name === 'thread-spawn';
    found.add(threads ? 'wasi-threads' : namespaceAbi[module]!);
  }
  return { name: nameOf(found), parts: order.filter((abi) => found.has(abi)) };
}

function nameOf(found: ReadonlySet<Abi>): AbiInspection['name'] {
  if (found.has('wasi_unstable') && (found.has('preview1') || found.has('WASIX'))) return 'mix';
  const widest: readonly Abi[] = ['WASIX', 'wasi-threads', 'preview1', 'wasi_unstable'];
  return widest.find((abi) => found.has(abi)) ?? 'none';
}
