import type { StackImage } from '../threads/stack-switch.js';

/** A program's file, open for reading. */
export interface ProgramFile {
  readonly hostFd: number;
  /** Path in the guest's name space, as it was found. */
  readonly path: string;
}

/** A program that is loaded and can be run; what it is made of is the runtime's business. */
export interface Program {
  readonly name: string;
}

/** What a program is given: strings as bytes of UTF-8, without NUL; entries of `env` are `KEY=VALUE`. */
export interface ProgramArguments {
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
}

/** Loading and starting programs for the calling thread: the runtime's part of exec, spawn and fork (ABI §5). */
export interface ProcessControl {
  /**
   * Reads, checks and compiles a program; closes the file.
   * @throws NOEXEC for what is no program that can run here, NOMEM when there is no memory for it
   */
  load(file: ProgramFile): Program;
  /**
   * Starts `program` as the process `child`, which is set up but for it.
   * @throws AGAIN when there is no worker for it, NOMEM when there is no memory; `child` is as it was then
   */
  start(child: number, program: Program, given: ProgramArguments): void;
  /**
   * Replaces the program of the calling thread's process: all its other threads end. Does not return, but for a vfork
   * child that comes back to its parent by returning: the calling thread is the parent again then (vfork.ts).
   * @throws as `start`, in a vfork child, which goes on: its program gets a thread of its own
   */
  replace(program: Program, given: ProgramArguments): void;
  /**
   * Starts the process `child` with a copy of the memory as it is now, going on from `stack`, whose call answers 0.
   * @throws as `start`
   */
  fork(child: number, stack: StackImage): void;
}
