/** How the module of a fuzzed guest imports the calls: each under all of its names, by all namespaces. */
import { type CallDescription, wasmType } from '../../src/abi/call.js';
import { procOlderCalls } from '../../src/abi/calls/proc.js';
import { type CallName, namespaces } from '../../src/abi/namespaces.js';
import type { ModuleWriter } from './module.js';

/** What a guest imports: all there is, or what a program of preview1 can. */
export type Profile = 'wasix' | 'preview1';

/** The function indexes of the imports that mean each call. */
export type CallImports = ReadonlyMap<CallName, readonly number[]>;

type Import = readonly [module: string, name: string, call: CallDescription & { readonly name: CallName }];

function importsOf(profile: Profile): Import[] {
  const entries = Object.entries(namespaces).flatMap(([module, calls]) =>
    Object.entries(calls).map(([name, call]): Import => [module, name, call]),
  );
  if (profile === 'preview1') return entries.filter(([module]) => module !== 'wasix_32v1');
  return [...entries, ['wasix_32v1', 'proc_join', procOlderCalls.proc_join_2022]];
}

/** Adds the imports of the profile. */
export function importCalls(writer: ModuleWriter, profile: Profile): CallImports {
  const found = new Map<CallName, number[]>();
  for (const [module, name, call] of importsOf(profile)) {
    const { params, results } = wasmType(call);
    const index = writer.importFunction(module, name, params, results);
    found.set(call.name, [...(found.get(call.name) ?? []), index]);
  }
  return found;
}
