import { callBody, waitFunctionTypes } from './wait-function.js';
import { wait32, wait64 } from './wait-sites.js';
import { encodedModule, encodedName, encodedSection, vector } from './writer.js';

/** Functions that can be put into the table a module with outlined waits exports. */
export interface WaitFunctions {
  readonly wait32: CallableFunction;
  readonly wait64: CallableFunction;
}

/** The engine's traces show the relay's functions as parts of a module of this name. */
export const RELAY_NAME = 'wasix-run-wait';

/** The number of the part of a name section that has the module's name. */
const MODULE_NAME = 0;

let made: WebAssembly.Module | undefined;

/**
 * A module that imports two functions and exports others that call them: a table takes exported functions of wasm only.
 * The imports themselves exported would do as well, but for each of those V8 compiles code of its own, in every worker.
 */
export function relayModule(): WebAssembly.Module {
  const entry = (name: string, kindAndIndex: readonly number[]) => [...encodedName(name), ...kindAndIndex];
  made ??= new WebAssembly.Module(
    encodedModule([
      encodedSection(1, vector([waitFunctionTypes[wait32]!, waitFunctionTypes[wait64]!])),
      encodedSection(2, vector([entry('', entry('wait32', [0, 0])), entry('', entry('wait64', [0, 1]))])),
      encodedSection(3, vector([[0], [1]])),
      encodedSection(7, vector([entry('wait32', [0, 2]), entry('wait64', [0, 3])])),
      encodedSection(10, vector([callBody(0), callBody(1)])),
      encodedSection(0, [...encodedName('name'), ...encodedSection(MODULE_NAME, encodedName(RELAY_NAME))]),
    ]),
  );
  return made;
}

/**
 * Makes two JavaScript functions fit for `WebAssembly.Table.prototype.set`. They take the place of the instructions
 * in a module rewritten by `outlineAtomicWaits`.
 *
 * Both are given the effective address, aligned and in bounds, as a **signed** 32-bit number (`>>> 0` makes it an
 * offset), the expected value, and the time limit in nanoseconds (negative: none). Both answer 0 when woken, 1 when
 * the value was another, 2 when the time was up. What they throw passes through the guest.
 * @param relay what {@link relayModule} answers, on this thread or another, which saves its compilation here
 */
export function makeWaitFunctions(
  wait32: (addr: number, expected: number, timeout: bigint) => number,
  wait64: (addr: number, expected: bigint, timeout: bigint) => number,
  relay = relayModule(),
): WaitFunctions {
  const { exports } = new WebAssembly.Instance(relay, { '': { wait32, wait64 } });
  return { wait32: exports.wait32 as CallableFunction, wait64: exports.wait64 as CallableFunction };
}
