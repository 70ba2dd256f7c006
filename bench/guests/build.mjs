// Rebuilds the measured guest programs with the tool chain of fixtures/ (npm ci there first):
// node guests/build.mjs [NAME…]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const guests = fileURLToPath(new URL('.', import.meta.url));
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

const always = [
  ...[
    '--target=wasm32-unknown-unknown',
    '-nostdlib',
    '-ffreestanding',
    '-Wl,--no-entry',
    '-Wl,--strip-debug',
  ],
  ...['-O2', '-std=c17', '-mbulk-memory', '-mmutable-globals', '-Wall', '-Wextra', '-Werror'],
  ...['-Wno-unused-function', '-Wno-unused-parameter', '-Wl,-z,stack-size=65536', '-Ilib', '-I.'],
];
const threaded = [
  ...['-matomics', '-ftls-model=local-exec', '-Wl,--shared-memory,--import-memory,--export-memory'],
  ...['-Wl,--no-check-features', '-Wl,--export=__stack_pointer', '-Wl,--max-memory=67108864', 'lib/entry.S'],
];
// As fixtures/build.mjs has them: what the host asks of a program that it forks, and how binaryen makes one.
const switchable = ['__stack_low', '__stack_high', '__tls_base'].map(
  (name) => `-Wl,--export-if-defined=${name}`,
);
const features = ['threads', 'bulk-memory', 'mutable-globals', 'sign-ext', 'nontrapping-float-to-int'];
const asyncify = [...features.map((name) => `--enable-${name}`), '--debuginfo', '--asyncify', '-O1'];

function filesOf(folder, ending) {
  const names = readdirSync(folder).filter((name) => ending.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function runAsyncify(binary) {
  const work = mkdtempSync(join(tmpdir(), 'bench-asyncify-'));
  const [input, output] = [join(work, 'in.wasm'), join(work, 'out.wasm')];
  try {
    writeFileSync(input, binary);
    const optimizer = join(fixtures, 'node_modules/binaryen/bin/wasm-opt');
    execFileSync(process.execPath, [optimizer, ...asyncify, input, '-o', output], { stdio: 'inherit' });
    return readFileSync(output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const { runClang } = await import(
  pathToFileURL(createRequire(join(fixtures, 'build.mjs')).resolve('@yowasp/clang')).href
);
const sources = filesOf(guests, /\.[ch]$/);
const inputs = { ...sources, lib: filesOf(join(fixtures, 'lib'), /\.[hS]$/) };
const wanted = process.argv.slice(2).map((name) => `${name}.c`);
const unknown = wanted.filter((name) => !(name in sources));
if (unknown.length > 0) throw new Error(`no ${unknown.join(', ')}`);
for (const name of Object.keys(sources).filter((file) => file.endsWith('.c'))) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const words = /^\/\/ build:(.*)$/m.exec(sources[name])?.[1].trim().split(/\s+/) ?? [];
  const link = words.includes('threads') ? threaded : ['-Wl,--export-memory'];
  const more = words.includes('asyncify') ? switchable : [];
  const args = ['clang', ...always, name, ...link, ...more, '-o', 'out.wasm'];
  const output = await runClang(args, inputs, {
    stdout: (bytes) => bytes && process.stdout.write(bytes),
    stderr: (bytes) => bytes && process.stderr.write(bytes),
    fetchProgress: () => {},
  });
  const binary = words.includes('asyncify') ? runAsyncify(output['out.wasm']) : output['out.wasm'];
  const file = name.replace(/c$/, 'wasm');
  writeFileSync(join(guests, file), binary);
  process.stdout.write(`${file} ${binary.length}\n`);
}
