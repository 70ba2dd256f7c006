// A plugin for esbuild: puts numbers in the place of `TABLE.NAME`, where TABLE is an exported object of numbers `as const`
// (the words of a record, the values of the ABI). Until the engine has compiled a function it looks up such a property
// each time, and most functions run a few times only in the life of a process or a worker.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TABLE = /^(?:export )?const (\w+) = \{([^{}]*)\} as const\b/gm;
const ENTRY = /^(\w+): (?:(-?\d+|0x[\da-f_]+)|1n << (\d+)n)$/i;
const IMPORT = /^import \{([^}]*)\} from '(\.[^']*)';/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/g;

function listed(text) {
  const items = text.replace(COMMENT, '').split(',');
  return items.map((item) => item.trim());
}

/** The tables that `source` defines: name → entry → text of a number. Entries that are no plain numbers are left out. */
export function tablesOf(source) {
  const tables = [...source.matchAll(TABLE)].map(([, name, body]) => {
    const entries = listed(body).flatMap((item) => {
      const [, key, number, bit] = ENTRY.exec(item) ?? [];
      return key ? [[key, number ?? `${1n << BigInt(bit)}n`]] : [];
    });
    return [name, new Map(entries)];
  });
  return new Map(tables);
}

/** What `source` imports by name: [name there, name here, path] of each. */
export function importsOf(source) {
  return [...source.matchAll(IMPORT)].flatMap(([, names, from]) =>
    listed(names).map((item) => {
      const [name, alias = name] = item.split(' as ');
      return [name, alias, from];
    }),
  );
}

/** `source` with the numbers of `tables`, as `tablesOf` answers them, for what refers to them. */
export function inlined(source, tables) {
  const reference = /(?<![\w$.'"`]|typeof )([A-Z]\w*)\.([A-Z]\w*)\b/g;
  return source.replace(reference, (whole, table, key) => {
    const number = tables.get(table)?.get(key);
    return number === undefined ? whole : `(${number})`;
  });
}

/** The plugin, for the TypeScript sources below `folder`. */
export function inlineConstants(folder) {
  const known = new Map();
  const tablesIn = (path) => {
    if (!known.has(path)) known.set(path, tablesOf(readFileSync(path, 'utf8')));
    return known.get(path);
  };
  return {
    name: 'inline-constants',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const source = readFileSync(path, 'utf8');
        const tables = new Map(tablesIn(path));
        for (const [name, alias, from] of importsOf(source)) {
          const table = tablesIn(join(dirname(path), from.replace(/\.js$/, '.ts'))).get(name);
          if (table) tables.set(alias, table);
        }
        return { contents: inlined(source, tables), loader: 'ts' };
      });
    },
  };
}
