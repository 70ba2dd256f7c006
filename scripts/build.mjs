// Builds dist/: the API (ES module); the CLI, its parts (src/cli/parts.ts) and what workers run (one CommonJS file each:
// a worker that loads one file boots about twice as fast as one that loads the sources); the public types. The CLI and
// the worker are entered by small files that load them with V8's code cache (src/boot/).
//
// `--no-types` leaves out the types; `--out DIR` builds elsewhere. Files are replaced one by one, whole, so that a
// program that runs from dist/ meanwhile finds either the old or the new ones.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { inlineConstants } from './inline-constants.mjs';
import { loadSources, root } from './load-sources.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { values } = parseArgs({
  options: { 'no-types': { type: 'boolean' }, out: { type: 'string', default: 'dist' } },
});
const out = values.out;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The layouts of structs, plain data, are computed here and not at each start of a process and of a worker. */
const computedStructs = {
  name: 'computed-structs',
  setup({ onLoad }) {
    onLoad({ filter: /abi[\\/]structs\.ts$/ }, async ({ path }) => {
      const structs = await loadSources(`export * from ${JSON.stringify(path)};`);
      const lines = Object.entries(structs).map(
        ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
      );
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};

const common = {
  bundle: true,
  plugins: [computedStructs, inlineConstants(join(root, 'src'))],
  write: false,
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(version) },
};
const commonjs = {
  ...common,
  alias: { 'node:module': './src/boot/own-require.ts' },
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { ...common.define, 'import.meta.url': '__module.url' },
  // Few starts need it.
  banner: { js: 'const __module={get url(){return require("node:url").pathToFileURL(__filename).href}};' },
};

/** For src/boot/load-bundle.ts: the function that Node would make of the module, so that nobody has to copy the text. */
const wrapped = {
  ...commonjs,
  banner: { js: `(function(exports,require,module,__filename,__dirname){${commonjs.banner.js}` },
  footer: { js: '})' },
};

/** Bundles `entry` and puts the result in place. */
async function bundle(entry, file, options) {
  const { outputFiles } = await build({ ...options, entryPoints: [entry], outfile: join(out, file) });
  const target = join(out, file);
  const fresh = join(out, `.${basename(file)}.${process.pid}`);
  writeFileSync(fresh, outputFiles[0].contents);
  if (file === 'wasix-run.cjs') chmodSync(fresh, 0o755);
  renameSync(fresh, target);
}

mkdirSync(out, { recursive: true });
rmSync(join(out, '.code-cache'), { recursive: true, force: true });
await Promise.all([
  bundle('bin/wasix-run.ts', 'wasix-run.cjs', commonjs),
  bundle('src/cli/entry-inline.ts', 'cli-inline.cjs', wrapped),
  bundle('src/cli/entry-pooled.ts', 'cli-pooled.cjs', wrapped),
  bundle('src/cli/parser.ts', 'cli-parser.cjs', wrapped),
  bundle('src/cli/inspect.ts', 'cli-inspect.cjs', wrapped),
  bundle('src/runtime/worker-entry.ts', 'worker.cjs', commonjs),
  bundle('src/runtime/worker-main.ts', 'worker-main.cjs', wrapped),
  bundle('src/runtime/reactor/reactor-entry.ts', 'reactor.cjs', commonjs),
  bundle('src/api/supervisor-entry.ts', 'supervisor.cjs', commonjs),
  bundle('src/runtime/load.ts', 'loader.cjs', wrapped),
  bundle('src/index.ts', 'index.js', { ...common, format: 'esm' }),
]);

// The option parser is bundled; its licence goes where its code goes.
copyFileSync('node_modules/commander/LICENSE', join(out, 'commander.LICENSE'));

if (!values['no-types']) {
  const types = join(out, 'types');
  rmSync(types, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', types], { stdio: 'inherit' });
}
