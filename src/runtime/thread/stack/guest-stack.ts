/**
 * Switching the stack of a guest thread (ABI §5.1, §5.7).
 *
 *   host call                      guest                        call (below the guest)
 *   checkpoint or fork:
 *   start to unwind, return ─────▶ leaves frame by frame ─────▶ take the frames, do what it was for,
 *   the same host call, again ◀─── goes down frame by frame ◀── start to rewind, call the entry again
 *   stop to rewind, return ──────▶ goes on
 *
 * A jump (longjmp) needs none of the frames that it leaves, so it leaves by an exception, and then rewinds those of its
 * target. Each call into the guest is an activation: the thread's entry, and on top of it signal handlers within a host
 * call. Only the frames of the newest can be unwound; a jump can also go to an older one.
 */
import { Errno } from '../../../abi/errno.js';
import { stackSnapshot } from '../../../abi/structs.js';
import { endProcess, exitProcess } from '../../../kernel/processes/end.js';
import { EndKind } from '../../../kernel/processes/process-record.js';
import type { GuestThread } from '../../../kernel/threads/guest-thread.js';
import type {
  Checkpoint,
  Continuation,
  Resumption,
  StackEntry,
  StackImage,
  StackSwitch,
} from '../../../kernel/threads/stack-switch.js';
import { errnoOf } from '../call-wrapper.js';
import { type Asyncify, FramesDoNotFit } from './asyncify.js';
import { Checkpoints } from './checkpoints.js';
import { MutableGlobals } from './globals.js';

/** A call into the guest. */
interface Activation {
  readonly number: number;
  readonly entry: StackEntry;
}

/** Why the guest is being left: to come back after `then`, or to go to another place. */
type Request =
  | { readonly kind: 'unwind'; readonly then: (left: Continuation) => Resumption }
  | ({ readonly kind: 'jump' } & Target);

/** Where to go on. */
interface Target {
  readonly to: Continuation & Partial<Pick<StackImage, 'stack'>>;
  readonly result: Resumption;
}

export class GuestStack implements StackSwitch {
  readonly #thread: GuestThread;
  readonly #asyncify: Asyncify;
  readonly #globals: MutableGlobals;
  readonly #checkpoints: Checkpoints;
  readonly #activations: Activation[] = [];
  #lastActivation = 0;
  #request: Request | undefined;
  /** Where the guest is going while it rewinds. */
  #target: Target | undefined;

  constructor(thread: GuestThread, asyncify: Asyncify, inherited?: readonly Checkpoint[]) {
    this.#thread = thread;
    this.#asyncify = asyncify;
    this.#globals = new MutableGlobals(thread.exports);
    this.#checkpoints = new Checkpoints(thread.memory, inherited);
  }

  get unwinding(): boolean {
    return this.#request?.kind === 'unwind';
  }

  call(name: string, args: readonly number[]): void {
    this.#activate({ number: ++this.#lastActivation, entry: { name, args } });
  }

  begin(image: StackImage, result: Resumption): void {
    this.#lastActivation = image.activation;
    this.#activate({ number: image.activation, entry: image.entry }, { to: image, result });
  }

  checkpoint(snapshot: number, value: number): Errno {
    const { memory } = this.#thread;
    const resumed = this.#arrive();
    if (!resumed) {
      memory.setU64(value, 0n);
      memory.clear(snapshot, stackSnapshot.size);
      this.#unwind((left) => this.#keep(left, snapshot, value));
      return Errno.SUCCESS;
    }
    memory.setU64(value, resumed.value);
    return resumed.errno;
  }

  #keep(left: Continuation, snapshot: number, value: number): Resumption {
    const { memory } = this.#thread;
    memory.setU64(snapshot + stackSnapshot.at.user, BigInt(value >>> 0));
    memory.write(snapshot + stackSnapshot.at.hash, this.#checkpoints.keep(left));
    // The locals of older activations are out of reach, and may hold a key.
    if (this.#activations.length === 1) this.#checkpoints.collect();
    return { errno: Errno.SUCCESS, value: 0n };
  }

  restore(snapshot: number, value: bigint): never {
    const { memory } = this.#thread;
    const known = memory.holds(snapshot, stackSnapshot.size);
    const hash = snapshot + stackSnapshot.at.hash;
    const point = known
      ? this.#checkpoints.find(memory.copy(hash, stackSnapshot.size - stackSnapshot.at.hash))
      : undefined;
    if (point) return this.#jump({ to: point, result: { errno: Errno.SUCCESS, value } });
    this.#thread.view.link.post({
      type: 'notice',
      text: 'stack_restore: the snapshot is not one that stack_checkpoint made in this thread, or its stack is gone',
    });
    return exitProcess(this.#thread, Errno.UNKNOWN);
  }

  fork(pid: number, makeChild: (image: StackImage) => number): Errno {
    const { memory } = this.#thread;
    const resumed = this.#arrive();
    if (resumed) {
      if (resumed.errno === Errno.SUCCESS) memory.setU32(pid, Number(resumed.value));
      return resumed.errno;
    }
    if (this.#activations.length > 1) return Errno.NOTSUP;
    memory.setU32(pid, 0);
    this.#unwind((left) => this.#child(left, makeChild));
    return Errno.SUCCESS;
  }

  #child(left: Continuation, makeChild: (image: StackImage) => number): Resumption {
    try {
      return { errno: Errno.SUCCESS, value: BigInt(makeChild(this.#image(left))) };
    } catch (error) {
      return { errno: errnoOf(this.#thread, error) as Errno, value: 0n };
    }
  }

  /** The stack just left as plain data. */
  #image(left: Continuation): StackImage {
    const { bounds, stackPointer } = this.#asyncify;
    const stack = this.#thread.memory.copy(stackPointer, bounds.upper - stackPointer);
    const { entry } = this.#activations.at(-1)!;
    return { ...left, entry, bounds, stack, checkpoints: this.#checkpoints.list() };
  }

  resume(image: StackImage, result: Resumption): never {
    return this.#jump({ to: image, result });
  }

  /** Has the guest leave all frames of the newest activation once the host call under way returns. */
  #unwind(then: (left: Continuation) => Resumption): void {
    this.#guard(() => this.#asyncify.startUnwind());
    this.#request = { kind: 'unwind', then };
  }

  #jump(target: Target): never {
    this.#request = { kind: 'jump', ...target };
    return this.#thread.leave();
  }

  /** In a host call: the result, if it is the one that the guest was rewound to. */
  #arrive(): Resumption | undefined {
    const target = this.#target;
    if (!target) return undefined;
    this.#target = undefined;
    this.#asyncify.stopRewind();
    this.#globals.restore(target.to.globals);
    const { stack } = target.to;
    if (stack) this.#thread.memory.write(this.#asyncify.bounds.upper - stack.length, stack);
    return target.result;
  }

  #activate(activation: Activation, target?: Target): void {
    this.#activations.push(activation);
    try {
      if (target) this.#rewind(target);
      for (;;) {
        const next = this.#run(activation);
        if (!next) return;
        this.#rewind(next);
        this.#thread.exitCall();
      }
    } finally {
      this.#activations.pop();
      this.#checkpoints.dropActivation(activation.number);
    }
  }

  /** Runs the guest until it is left, for good or, marked as inside a host call, to go on at a target. */
  #run(activation: Activation): Target | undefined {
    const { name, args } = activation.entry;
    try {
      (this.#thread.exports[name] as (...args: readonly number[]) => void)(...args);
    } catch (error) {
      return this.#landing(activation, error);
    }
    if (this.#target) throw new Error(`${name} returned before it was rewound`);
    if (!this.#request) return undefined;
    this.#thread.enterCall();
    return this.#unwound(activation);
  }

  #landing(activation: Activation, error: unknown): Target {
    const request = this.#request;
    if (request?.kind === 'unwind') this.#guard(() => this.#asyncify.overran());
    if (request?.kind !== 'jump' || request.to.activation !== activation.number) throw error;
    this.#request = undefined;
    this.#thread.leaving = false;
    this.#thread.enterCall();
    return request;
  }

  #unwound({ number, entry }: Activation): Target {
    const request = this.#request;
    this.#request = undefined;
    if (request?.kind !== 'unwind') throw new Error(`${entry.name} returned after a jump`);
    const frames = this.#guard(() => this.#asyncify.stopUnwind());
    const left: Continuation = { activation: number, frames, globals: this.#globals.save() };
    return { to: left, result: request.then(left) };
  }

  #rewind(target: Target): void {
    this.#globals.restore(target.to.globals);
    this.#guard(() => this.#asyncify.startRewind(target.to.frames));
    this.#target = target;
  }

  /** Frames that do not fit end the process, as a stack overflow does. */
  #guard<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof FramesDoNotFit)) throw error;
      const thread = this.#thread;
      const report = { kind: EndKind.TRAP, tid: thread.tid, message: error.message, stack: '' };
      endProcess(thread, EndKind.TRAP, 0, report);
      return thread.leave();
    }
  }
}
