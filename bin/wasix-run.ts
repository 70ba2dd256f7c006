#!/usr/bin/env node
import { join } from 'node:path';
import { loadBundle } from '../src/boot/load-bundle.js';
import { startEarly } from '../src/cli/early-worker.js';

const argv = process.argv.slice(2);
const { worker, flags } = startEarly(argv, join(__dirname, 'worker.cjs'));
const cli = loadBundle(join(__dirname, 'cli.cjs'), require, flags) as typeof import('../src/cli/main.js');
cli.main(argv, worker).then((status) => process.exit(status));
