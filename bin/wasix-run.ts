#!/usr/bin/env node
import { join } from 'node:path';
import { loadBundle } from '../src/boot/load-bundle.js';

const { main } = loadBundle(join(__dirname, 'cli.cjs')) as typeof import('../src/cli/main.js');
main(process.argv.slice(2)).then((status) => process.exit(status));
