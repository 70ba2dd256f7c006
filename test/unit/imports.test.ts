/** The shape of the sources: imports point one way, files form no circles, names say what is inside. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each room may import from, itself included. `index` is src/index.ts. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  boot: ['boot'],
  abi: ['abi'],
  kernel: ['abi', 'kernel'],
  pool: ['pool'],
  syscalls: ['abi', 'kernel', 'syscalls'],
  runtime: ['boot', 'abi', 'kernel', 'syscalls', 'pool', 'runtime'],
  api: ['abi', 'kernel', 'syscalls', 'pool', 'runtime', 'api'],
  index: ['abi', 'kernel', 'syscalls', 'pool', 'runtime', 'api'],
  cli: ['boot', 'abi', 'kernel', 'syscalls', 'pool', 'runtime', 'api', 'cli'],
  bin: ['boot', 'cli'],
};

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** The files that `file` imports, type imports and `import()` included; packages left out. */
function importsOf(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name).replace(/\.js$/, '.ts'));
}

const texts = new Map(
  [...sourcesIn('src'), ...sourcesIn('bin')].map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);
const imports = new Map([...texts].map(([file, text]) => [file, importsOf(file, text)]));

function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (file === 'src/index.ts') return 'index';
  return first === 'bin' ? 'bin' : second;
}

/** Files that can be reached from themselves, in groups that reach one another. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reach = new Map([...graph.keys()].map((file) => [file, reachableFrom(file, graph)]));
  const groups = new Map<string, string[]>();
  for (const file of graph.keys()) {
    if (!reach.get(file)!.has(file)) continue;
    const group = [...reach.get(file)!].filter((other) => reach.get(other)?.has(file)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reachableFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    open.push(...(graph.get(file) ?? []));
  }
  return found;
}

/** Whether a file has `export default …` or `export { x as default }`. */
function hasDefaultExport(file: string, text: string): boolean {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  return source.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return true;
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (!exportClause || !ts.isNamedExports(exportClause)) return false;
      return exportClause.elements.some(({ name }) => name.text === 'default');
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
  });
}

test('every source lies in a room, and imports only from the rooms below its own', () => {
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => !allowed[roomOf(file)]?.includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(imports.size).toBeGreaterThan(100);
  expect([...imports.keys()].filter((file) => !(roomOf(file) in allowed))).toEqual([]);
  expect(wrong).toEqual([]);
});

test('every relative import names a source file', () => {
  const missing = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => !imports.has(target)).map((target) => `${file} imports ${target}`),
  );
  expect(missing).toEqual([]);
});

test('imports form no circles, type imports included', () => {
  expect(circles(imports)).toEqual([]);
});

test('a circle is found whatever leads into it', () => {
  const graph = new Map([
    ['start', ['a']],
    ['a', ['b']],
    ['b', ['a', 'leaf']],
    ['leaf', []],
    ['self', ['self']],
  ]);
  expect(circles(graph)).toEqual([['a', 'b'], ['self']]);
});

test('no file or folder is named for having no subject', () => {
  const vague = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc']);
  const found = [...texts.keys()].filter((file) =>
    file
      .replace(/\.ts$/, '')
      .split('/')
      .some((name) => vague.has(name)),
  );
  expect(found).toEqual([]);
});

test('sources have no default exports', () => {
  expect([...texts].filter(([file, text]) => hasDefaultExport(file, text)).map(([file]) => file)).toEqual([]);
  expect(hasDefaultExport('x.ts', 'export default 1;')).toBe(true);
  expect(hasDefaultExport('x.ts', 'const a = 1; export { a as default };')).toBe(true);
  expect(hasDefaultExport('x.ts', 'export default function f() {}')).toBe(true);
});
