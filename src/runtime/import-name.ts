interface Named {
  readonly module: string;
  readonly name: string;
}

/**
 * How an import is named to the user: `wasi.thread-spawn`. A module may give its imports any names; what would move
 * the cursor of a terminal, or turn the direction of its text, is shown as an escape.
 */
export function importName({ module, name }: Named): string {
  return `${printable(module)}.${printable(name)}`;
}

/** The name of an import or export in printable characters. */
export function printable(name: string): string {
  return name.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
