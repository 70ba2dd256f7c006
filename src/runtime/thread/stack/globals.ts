/** The mutable globals that an instance exports, such as `__stack_pointer` and `__tls_base`: saved and set back. */

export type GlobalValues = Readonly<Record<string, number | bigint>>;

export class MutableGlobals {
  readonly #globals: readonly (readonly [name: string, global: WebAssembly.Global])[];

  constructor(exports: WebAssembly.Exports) {
    this.#globals = Object.entries(exports).flatMap(([name, value]) =>
      value instanceof WebAssembly.Global && isMutableNumber(value) ? [[name, value] as const] : [],
    );
  }

  save(): GlobalValues {
    return Object.fromEntries(this.#globals.map(([name, global]) => [name, global.value as number | bigint]));
  }

  restore(values: GlobalValues): void {
    for (const [name, global] of this.#globals) {
      const value = values[name];
      if (value !== undefined) global.value = value;
    }
  }
}

/** JavaScript cannot ask for a global's type: a vector cannot be read, and an immutable one cannot be set. */
function isMutableNumber(global: WebAssembly.Global): boolean {
  try {
    const value: unknown = global.value;
    if (typeof value !== 'number' && typeof value !== 'bigint') return false;
    global.value = value;
    return true;
  } catch {
    return false;
  }
}
