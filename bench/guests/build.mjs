// Rebuilds the measured guest programs with the tool chain of fixtures/ (npm install there first): node guests/build.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

function filesOf(folder, ending) {
  const names = readdirSync(folder).filter((name) => ending.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const { runClang } = await import(
  pathToFileURL(createRequire(join(fixtures, 'build.mjs')).resolve('@yowasp/clang')).href
);
const sources = filesOf(guests, /\.[ch]$/);
const inputs = { ...sources, lib: filesOf(join(fixtures, 'lib'), /\.[hS]$/) };
for (const name of Object.keys(sources).filter((file) => file.endsWith('.c'))) {
  const words = /^\/\/ build:.*\bthreads\b/m.test(sources[name]) ? threaded : ['-Wl,--export-memory'];
  const args = ['clang', ...always, name, ...words, '-o', 'out.wasm'];
  const output = await runClang(args, inputs, {
    stdout: (bytes) => bytes && process.stdout.write(bytes),
    stderr: (bytes) => bytes && process.stderr.write(bytes),
    fetchProgress: () => {},
  });
  const file = name.replace(/c$/, 'wasm');
  writeFileSync(join(guests, file), output['out.wasm']);
  process.stdout.write(`${file} ${output['out.wasm'].length}\n`);
}
