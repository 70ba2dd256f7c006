#!/usr/bin/env node
import { join } from 'node:path';
import { loadBundle, saveCodeCaches } from '../src/boot/load-bundle.js';
import { startEarly } from '../src/cli/early-worker.js';
import type { Main } from '../src/cli/main.js';

const argv = process.argv.slice(2);
const worker = startEarly(argv, join(__dirname, 'worker.cjs'));
const entry = worker ? 'cli-pooled.cjs' : 'cli-inline.cjs';
const { main } = loadBundle(join(__dirname, entry), require) as { main: Main };
process.once('exit', saveCodeCaches);
main(argv, worker).then((status) => process.exit(status));
