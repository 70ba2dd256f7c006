/** The cases of fixtures/, as fixtures/README.md describes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a program is run and what must come out. */
export interface CaseSpec {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly dirs?: readonly string[];
  readonly programs?: readonly string[];
  readonly options?: readonly string[];
  readonly stdin?: string;
  readonly stdin_open?: boolean;
  readonly exit_code?: number;
  readonly exit_code_any?: readonly number[];
  readonly skip_exit_code?: number;
  readonly stdout?: string;
  readonly stdout_bytes?: number;
  readonly stdout_lines_sorted?: boolean;
  readonly stderr?: string;
  readonly stderr_contains?: readonly string[];
  readonly timeout_ms?: number;
}

export interface FixtureCase {
  /** Such as `ends/trap: load main`. */
  readonly title: string;
  /** Folder of the fixture: `dirs` are beside the program. */
  readonly folder: string;
  readonly wasm: string;
  readonly spec: CaseSpec;
}

const root = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** Folders of fixtures/ that hold programs. */
export function groups(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== 'lib')
    .map(({ name }) => name);
}

/** All cases of a group, in the order of their names. */
export function casesOf(group: string): FixtureCase[] {
  const folder = join(root, group);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => casesIn(group, folder, file.slice(0, -'.json'.length)));
}

function casesIn(group: string, folder: string, name: string): FixtureCase[] {
  const wasm = join(folder, `${name}.wasm`);
  if (!existsSync(wasm)) return [];
  const text = readFileSync(join(folder, `${name}.json`), 'utf8');
  const { cases, ...common } = JSON.parse(text) as CaseSpec & { cases?: readonly CaseSpec[] };
  return (cases ?? [{}]).map((own) => {
    const spec: CaseSpec = { ...common, ...own };
    const title = own.name === undefined ? `${group}/${name}` : `${group}/${name}: ${own.name}`;
    return { title, folder, wasm, spec };
  });
}
