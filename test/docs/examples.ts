/** Reading the examples of the documentation: fenced blocks marked `runnable`, and the output that is claimed for them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A block of code that can be run as it stands. */
export interface Example {
  readonly document: string;
  /** Line of its first fence, counted from 1. */
  readonly line: number;
  readonly language: 'js' | 'sh';
  readonly code: string;
  /** What it prints on stdout; undefined when the document does not say. */
  readonly output: string | undefined;
}

interface Block {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const fenced = /^```(.*)\n([\s\S]*?)^```$/gm;
  for (const { index, 1: info = '', 2: text = '' } of markdown.matchAll(fenced)) {
    blocks.push({ info: info.trim(), line: markdown.slice(0, index).split('\n').length, text });
  }
  return blocks;
}

/** The runnable examples of one document; a block marked `text output` after one is what it prints. */
export function examplesOf(document: string): Example[] {
  const blocks = blocksOf(readFileSync(`${root}/${document}`, 'utf8'));
  return blocks.flatMap(({ info, line, text }, index) => {
    const language = /^(js|sh) runnable$/.exec(info)?.[1] as Example['language'] | undefined;
    if (!language) return [];
    const next = blocks[index + 1];
    const output = next?.info === 'text output' ? next.text : undefined;
    return [{ document, line, language, code: text, output }];
  });
}
