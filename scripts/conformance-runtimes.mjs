// Adapters: what a runtime cannot run, and the command line for what it can. A new runtime is one more object like these.
//
//   name            as it is printed
//   strict          compare standard error and the statuses of traps and signals too
//   skip(case)      why it cannot run the case, or undefined
//   command(run)    { file, args, identity?, cwd? } for { wasm, args, env, options, dirs: [{ host, guest }] }
//   prepare()       where there is something to do first: why it cannot run at all, or undefined
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const granted = ({ dirs }) => dirs.flatMap(({ host, guest }) => ['--dir', `${host}::${guest}`]);
const variables = ({ env }) => Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

/** The command in dist/. */
export const wasixRun = {
  name: 'wasix-run',
  strict: true,
  skip: () => undefined,
  command: (run) => ({
    file: process.execPath,
    // Options of cases name files from here.
    cwd: path('..'),
    args: [
      path('../dist/wasix-run.cjs'),
      ...run.options,
      ...granted(run),
      ...variables(run),
      run.wasm,
      ...run.args,
    ],
  }),
};

/** Nobody, when this runs as root: for runtimes that links can lead out of what they are granted. */
export const unprivileged = () => (process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {});

/** What holds for every runtime but ours: it has not its options, and offers `imports` alone. */
export function foreignSkip({ spec, imports }, offered) {
  if (imports === undefined) return 'a module that does not compile';
  const missing = imports.filter(({ module }) => !offered.includes(module)).map(({ module }) => module);
  if (missing.length > 0) return `imports ${[...new Set(missing)].join(', ')}`;
  if (imports.length === 0) return 'no WASI program';
  if ((spec.options ?? []).length > 0) return 'options of wasix-run';
  return spec.programs ? 'programs in /bin' : undefined;
}

/** Node's own. Links can lead it out of what it is granted, and it has nothing that ends a program from outside. */
export const nodeWasi = {
  name: `node:wasi of Node ${process.versions.node}`,
  strict: false,
  skip: (fixture) => foreignSkip(fixture, ['wasi_snapshot_preview1', 'wasi_unstable']),
  command: (run) => ({
    file: process.execPath,
    args: ['--no-warnings', path('conformance-node-wasi.mjs'), JSON.stringify(run)],
    identity: unprivileged(),
  }),
};

function expand(word, { wasm, args, dirs, env }, formats) {
  switch (word) {
    case '{wasm}':
      return [wasm];
    case '{args}':
      return args;
    case '{dirs}':
      return dirs.flatMap(({ host, guest }) => filled(formats.dir, { host, guest }));
    case '{env}':
      return Object.entries(env).flatMap(([name, value]) => filled(formats.env, { name, value }));
    default:
      return [word];
  }
}

/** The words of a format with its names in braces replaced. Words are split first: a value is never split. */
function filled(format, names) {
  return format.split(' ').map((word) => word.replace(/\{(\w+)\}/g, (whole, name) => names[name] ?? whole));
}

/** Any runtime, by a command line with `{wasm}`, `{args}`, `{dirs}` and `{env}` as words of their own. */
export function commandRuntime(template, formats, imports) {
  const [file, ...words] = template.split(' ').filter((word) => word !== '');
  return {
    name: template,
    strict: false,
    skip: (fixture) => foreignSkip(fixture, imports),
    command: (run) => ({ file, args: words.flatMap((word) => expand(word, run, formats)) }),
  };
}
