/** The CLI, for programs with threads. */
import { openPool, startLoaded } from '../api/run.js';
import { type Main, mainWith } from './main.js';
import { inlinePart, type Pooled } from './parts.js';

export const pooled: Pooled = { openPool, startLoaded };

export const main: Main = mainWith({ inline: inlinePart, pooled: () => pooled });
