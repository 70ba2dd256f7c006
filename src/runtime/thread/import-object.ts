/** The import object of a guest's instances: made once per process and worker, shared by all its threads there. */
import type { CallDescription } from '../../abi/call.js';
import { Errno } from '../../abi/errno.js';
import { type CallName, findCall } from '../../abi/namespaces.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { handlers, isSupported, quickCalls } from '../../syscalls/registry.js';
import type { ModuleTraits, ProcessImage } from '../image.js';
import { type RawHandler, type RawImport, wrapCall, wrapQuickCall } from './call-wrapper.js';
import { clockImport } from './clock-import.js';
import { askHost } from './host-import.js';
import { makeTrap } from './leave-trap.js';
import { traced } from './traced-call.js';

type Call = CallDescription & { readonly name: CallName };

/** Custom imports, by module and name. */
export type CustomImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Calls the guest made that are not implemented; each is named once. */
function unsupported(thread: GuestThread, call: Call): RawImport {
  if (call.result === 'errno') return () => Errno.NOSYS;
  if (call.result === 'tid') return () => -Errno.NOSYS;
  const trap = makeTrap();
  return () => {
    thread.view.link.post({
      type: 'notice',
      text: `the program called ${call.name}, which is not supported`,
    });
    trap();
    return undefined;
  };
}

/** What import objects are made from. */
export type ImportPlan = Pick<ProcessImage, 'traits' | 'hostImports' | 'trace'>;

function importFor(thread: GuestThread, call: Call, params: number, { trace }: ImportPlan): RawImport {
  if (!isSupported(call.name))
    return trace ? traced(thread, call, unsupported(thread, call), trace) : unsupported(thread, call);
  const handler = handlers[call.name] as unknown as RawHandler;
  const wrapped = wrap(thread, call, handler, params);
  return trace ? traced(thread, call, wrapped, trace) : wrapped;
}

function wrap(thread: GuestThread, { name }: Call, handler: RawHandler, params: number): RawImport {
  if (!quickCalls.has(name)) return wrapCall(thread, handler, params);
  const quick = wrapQuickCall(thread, handler);
  return name === 'clock_time_get' ? clockImport(thread, quick) : quick;
}

/** Builds the imports that the module asks for. The loader has checked that every one of them can be met. */
export function makeImportObject(
  thread: GuestThread,
  image: ImportPlan,
  memory: WebAssembly.Memory | undefined,
  custom: CustomImports,
): WebAssembly.Imports {
  const { traits } = image;
  const imports: Record<string, Record<string, unknown>> = {};
  for (const [module, values] of Object.entries(custom)) imports[module] = { ...values };
  for (const { module, name } of traits.functions) {
    if (!image.hostImports.includes(`${module}.${name}`)) continue;
    imports[module] ??= {};
    imports[module][name] ??= askHost(thread, module, name);
  }
  for (const { module, name, params } of traits.functions) {
    imports[module] ??= {};
    if (imports[module][name] !== undefined) continue;
    const call = findCall(module, name, params);
    if (call) imports[module][name] = importFor(thread, call, params, image);
  }
  addMemory(imports, traits, memory);
  return imports as WebAssembly.Imports;
}

function addMemory(
  imports: Record<string, Record<string, unknown>>,
  { memoryImport }: ModuleTraits,
  memory: WebAssembly.Memory | undefined,
): void {
  if (!memoryImport || !memory) return;
  imports[memoryImport.module] ??= {};
  imports[memoryImport.module]![memoryImport.name] = memory;
}
