// Builds dist/: the API (ES module), the CLI and the worker entry (one CommonJS file each: a worker that loads
// one file boots about twice as fast as one that loads the sources), and the public types.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
process.chdir(root.pathname);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
};
const commonjs = {
  ...common,
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { 'import.meta.url': '__moduleUrl', __VERSION__: JSON.stringify(version) },
  banner: { js: 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
};

await Promise.all([
  build({
    ...commonjs,
    entryPoints: { 'wasix-run': 'bin/wasix-run.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...commonjs,
    entryPoints: { worker: 'src/runtime/worker-entry.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...common,
    format: 'esm',
    entryPoints: { index: 'src/index.ts' },
    outdir: 'dist',
    define: { __VERSION__: JSON.stringify(version) },
  }),
]);
chmodSync('dist/wasix-run.cjs', 0o755);

if (!process.argv.includes('--no-types')) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
