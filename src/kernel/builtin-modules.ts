/**
 * Parts of Node that take milliseconds to load and that most runs never need: loaded at first use. A program that
 * starts in 100 ms notices each of them.
 */
import { createRequire } from 'node:module';

let require: NodeJS.Require | undefined;

function load(name: string) {
  require ??= createRequire(import.meta.url);
  return require(name);
}

export const childProcessModule = (): typeof import('node:child_process') => load('node:child_process');
export const cryptoModule = (): typeof import('node:crypto') => load('node:crypto');
export const netModule = (): typeof import('node:net') => load('node:net');
export const osModule = (): typeof import('node:os') => load('node:os');
export const ttyModule = (): typeof import('node:tty') => load('node:tty');
/** Loading it opens the standard error stream of the process. */
export const utilModule = (): typeof import('node:util') => load('node:util');
export const v8Module = (): typeof import('node:v8') => load('node:v8');
export const workerThreadsModule = (): typeof import('node:worker_threads') => load('node:worker_threads');
export const vmModule = (): typeof import('node:vm') => load('node:vm');
