/** Where imports that are no guest call come from, recognised by their names: most belong to some other host. */
import { findCall, type NamespaceName, namespaces } from '../abi/namespaces.js';

/** What an unknown import belongs to, and what can be done about it. */
export interface ImportOrigin {
  /** A short phrase: the family of the call it resembles, or the toolchain or proposal it is of. */
  readonly family: string;
  /** What to do, without a subject. */
  readonly remedy: string;
}

const TARGETS = 'wasm32-wasip1-threads or WASIX';

const dynamicLinking: ImportOrigin = {
  family: 'dynamic linking',
  remedy: 'link the program statically, without -pie and -shared',
};

const recognisers: readonly (ImportOrigin & { readonly module: RegExp })[] = [
  { ...dynamicLinking, module: /^GOT\.(mem|func)$/ },
  { family: 'WASIX, 64-bit', remedy: 'build for wasm32', module: /^wasix_64v1$/ },
  {
    family: 'component model',
    remedy: `build for ${TARGETS} instead of wasip2: this is a module taken out of a component`,
    module: /^([a-z][a-z0-9-]*:|cm32p2)/,
  },
  {
    family: 'wasm-bindgen',
    remedy: `it was built for a JavaScript host; build it for ${TARGETS}`,
    module: /^(wbg$|__wbindgen_|\.\/.*_bg\.js$)/,
  },
  { family: 'Go for JavaScript', remedy: 'build with GOOS=wasip1', module: /^(go|gojs)$/ },
  {
    family: 'WASI proposal',
    remedy: 'build without this proposal, which the runtime does not have',
    module: /^wasi_(ephemeral|experimental|nn|crypto)/,
  },
];

const dynamicSymbols = new Set([
  '__indirect_function_table',
  '__stack_pointer',
  '__memory_base',
  '__table_base',
  '__tls_base',
]);

const emscripten = /^_?(emscripten_|__syscall_|invoke_[vijfd]+$|_emval_|_embind_)/;

/** Recognises an import that {@link findCall} does not know, or that is no function. */
export function importOrigin(module: string, name: string): ImportOrigin {
  if (Object.hasOwn(namespaces, module)) return unknownCall(module as NamespaceName, name);
  if (module === 'env') return environmentImport(name);
  return (
    recognisers.find((known) => known.module.test(module)) ?? {
      family: 'custom',
      remedy: 'no WASI or WASIX library uses this name; offer it as a custom import, or build without it',
    }
  );
}

function environmentImport(name: string): ImportOrigin {
  if (dynamicSymbols.has(name)) return dynamicLinking;
  if (emscripten.test(name)) {
    return { family: 'Emscripten', remedy: `build it with wasi-sdk or wasix-libc for ${TARGETS}` };
  }
  return {
    family: 'env',
    remedy: 'the linker left this symbol open; link what defines it, or offer it as a custom import',
  };
}

function unknownCall(module: NamespaceName, name: string): ImportOrigin {
  const home = (Object.keys(namespaces) as NamespaceName[]).find((other) => findCall(other, name));
  const family = home && findCall(home, name)?.family;
  if (home && family) {
    return { family, remedy: `the call of this name is in ${home}; build with the libc that has it` };
  }
  return {
    family: module,
    remedy: 'no version of this ABI has a call of this name; correct it or leave it out',
  };
}
