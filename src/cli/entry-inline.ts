/** The CLI, for programs without threads and all that runs no program. */
import { runInline } from '../runtime/host/inline-run.js';
import { type Main, mainWith } from './main.js';
import { type Inline, pooledPart } from './parts.js';

export const inline: Inline = { runInline };

export const main: Main = mainWith({ inline: () => inline, pooled: pooledPart });
