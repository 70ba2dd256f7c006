/**
 * Leaving a guest stack and coming back to it, once, often, or in another process: setjmp, longjmp and fork (ABI §5.1,
 * §5.7). Possible for programs built with asyncify; runtime/thread/stack does it, system calls ask for it here.
 */
import type { Errno } from '../../abi/errno.js';

/** The part of guest memory that is a thread's stack: it grows from `upper` down to `lower`. Addresses in bytes. */
export interface StackBounds {
  readonly lower: number;
  readonly upper: number;
}

/** The export that a guest stack began with, and what it was called with. */
export interface StackEntry {
  readonly name: string;
  readonly args: readonly number[];
}

/** What is needed to come back to a stack in the instance that left it, whose memory has gone on. */
export interface Continuation {
  /** Number of the call into the guest that the stack belongs to. */
  readonly activation: number;
  /** The frames as asyncify wrote them. */
  readonly frames: Uint8Array;
  /** Values of the exported mutable globals, by name. */
  readonly globals: Readonly<Record<string, number | bigint>>;
}

/** A place that `stack_restore` can come back to, under its key of 16 bytes. */
export interface Checkpoint extends Continuation {
  readonly key: Uint8Array;
}

/** A guest stack as plain data: with a copy of the memory as it was, another instance can go on from it. */
export interface StackImage extends Continuation {
  readonly entry: StackEntry;
  readonly bounds: StackBounds;
  /** The bytes of the stack in use, up to `bounds.upper`. */
  readonly stack: Uint8Array;
  /** What the thread can still jump to. */
  readonly checkpoints: readonly Checkpoint[];
}

/** What the call that left the stack answers when it is entered again: an errno, and a number for its output. */
export interface Resumption {
  readonly errno: Errno;
  readonly value: bigint;
}

/** Stack switching of one guest thread. */
export interface StackSwitch {
  /** The guest is on its way out, frame by frame: nothing of it may be called. */
  readonly unwinding: boolean;

  /** Calls the export `name`, as often as it takes to come back from it for good. */
  call(name: string, args: readonly number[]): void;

  /** Begins, instead of by a call, where `image` was taken. */
  begin(image: StackImage, result: Resumption): void;

  /** `stack_checkpoint`: fills the snapshot at `snapshot`; 0 to the u64 at `value`, or what `restore` brings. */
  checkpoint(snapshot: number, value: number): Errno;

  /** `stack_restore`: goes back to where the snapshot was taken. An unknown one ends the process with 79. */
  restore(snapshot: number, value: bigint): never;

  /**
   * `proc_fork`: leaves the stack and has `makeChild` make a process from its image and the memory as it is then.
   * Writes the pid that it answers to `pid`; a failure that it throws is the errno of the call. The call is entered
   * again in both processes, and must then come here again. NOTSUP in a signal handler: the frames of the host that
   * lie between it and the thread's entry cannot be copied.
   */
  fork(pid: number, makeChild: (image: StackImage) => number): Errno;

  /** Leaves the stack for that of an image which was taken in this instance. */
  resume(image: StackImage, result: Resumption): never;
}
