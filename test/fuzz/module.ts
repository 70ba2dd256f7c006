/** A module of functions that import guest calls and a shared memory, put together section by section. */
import { encodedName, encodedSection, signed, unsigned, vector } from '../../src/runtime/binary/writer.js';
import { exportEntry, functionType, i32, i64, importEntry } from '../unit/runtime/binary/encode.js';
import { constants } from './constants.js';
import { PAGES } from './guest-map.js';

type Values = readonly ('i32' | 'i64')[];

const bytesOf = (values: Values) => values.map((value) => (value === 'i64' ? i64 : i32));

/** Instructions of a constant initialiser: i32.const 0. */
const ZERO = [0x41, 0, 0x0b];

/** The function types and imports of a module, then its own functions. */
export class ModuleWriter {
  readonly #types: number[][] = [];
  readonly #typeIndexes = new Map<string, number>();
  readonly #imports: number[][] = [];
  readonly #functionTypes: number[] = [];
  readonly #bodies: Uint8Array[] = [];
  readonly #exports: number[][] = [];
  #importedFunctions = 0;

  constructor() {
    this.#imports.push(importEntry('env', 'memory', [2, 3, ...unsigned(PAGES), ...unsigned(PAGES)]));
    this.#exports.push(exportEntry('memory', 2, 0));
  }

  type(params: Values, results: Values): number {
    const encoded = functionType(bytesOf(params), bytesOf(results));
    const key = encoded.join();
    const known = this.#typeIndexes.get(key);
    if (known !== undefined) return known;
    this.#types.push(encoded);
    this.#typeIndexes.set(key, this.#types.length - 1);
    return this.#types.length - 1;
  }

  /** Imports a function and answers its index. All imports come before all functions. */
  importFunction(module: string, name: string, params: Values, results: Values): number {
    this.#imports.push(importEntry(module, name, [0, ...unsigned(this.type(params, results))]));
    return this.#importedFunctions++;
  }

  /** The index of the function that is added next. */
  get nextFunction(): number {
    return this.#importedFunctions + this.#bodies.length;
  }

  /** Adds a function and answers its index; exported if it has a name. */
  add(params: Values, results: Values, body: Uint8Array, name?: string): number {
    const index = this.nextFunction;
    this.#functionTypes.push(this.type(params, results));
    this.#bodies.push(body);
    if (name !== undefined) this.#exports.push(exportEntry(name, 0, index));
    return index;
  }

  exportGlobal(name: string, index: number): void {
    this.#exports.push(exportEntry(name, 3, index));
  }

  /** The module, with i32 variables of the values `globals` and a table of the functions with these indexes. */
  finish(globals: readonly number[], table: readonly number[]): Uint8Array<ArrayBuffer> {
    const tableType = [0x70, 1, ...unsigned(table.length), ...unsigned(table.length)];
    const sections = [
      encodedSection(1, vector(this.#types)),
      encodedSection(2, vector(this.#imports)),
      encodedSection(3, vector(this.#functionTypes.map((type) => unsigned(type)))),
      encodedSection(4, vector([tableType])),
      encodedSection(6, vector(globals.map((value) => [i32, 1, 0x41, ...signed(value), 0x0b]))),
      encodedSection(7, vector(this.#exports)),
      encodedSection(9, vector([[0, ...ZERO, ...vector(table.map((index) => unsigned(index)))]])),
      encodedSection(12, unsigned(1)),
    ].map((section) => Uint8Array.from(section));
    const data = [1, ...unsigned(constants.length)];
    return joined([
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      ...sections,
      ...section(10, [Uint8Array.from(unsigned(this.#bodies.length)), ...this.#bodies]),
      ...section(11, [Uint8Array.from([1, ...data]), constants]),
      Uint8Array.from(encodedSection(0, encodedName('fuzz'))),
    ]);
  }
}

/** A section whose content is too long to be spread. */
function section(id: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  return [Uint8Array.from([id, ...unsigned(size)]), ...parts];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
