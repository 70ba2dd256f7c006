import type { Readable, Writable } from 'node:stream';

/**
 * Where a guest's stdin comes from: the host process's own, nothing (end of file at once), text or bytes, or a Node
 * stream.
 */
export type StdinSetting = 'inherit' | 'ignore' | { readonly text: string } | Uint8Array | Readable;

/**
 * Where a guest's output goes: to the host process's own, nowhere, into the result as a string or a Buffer, or into a
 * Node stream, which is not ended.
 */
export type OutputSetting = 'inherit' | 'ignore' | 'string' | 'buffer' | Writable;

export interface StdioSettings {
  readonly stdin: StdinSetting;
  readonly stdout: OutputSetting;
  readonly stderr: OutputSetting;
}

/** Where the lines of a trace go: to the host's stderr, into a Node stream, or to a function, one line at a time. */
export type TraceSetting = 'stderr' | Writable | ((line: string) => void);
