/**
 * The module of a fuzzed guest. Its calls are not chosen while it runs but written into its code, one after the other,
 * so that nothing a call does to memory changes what is called next.
 *
 * The main thread starts the others, each with a script of its own, and then looks after them: one that does not get on
 * is sent a signal, for it may wait for what never happens. When nobody has got on for a while, it ends the program.
 * Handlers of signals, and threads that the scripts start, make calls too.
 */
import type { CallName } from '../../src/abi/namespaces.js';
import { Signal } from '../../src/abi/signal.js';
import { type RandomCall, randomCall } from './calls.js';
import { everyCall, indexOf, waits } from './choice.js';
import { Code } from './code.js';
import { constants, handlerName } from './constants.js';
import {
  ARENA,
  CLAIMED,
  CONSTANTS,
  ERRNO_SLOTS,
  EXTRA_IN_USE,
  GUARD_BYTE,
  GUARDS,
  HANDLERS,
  handlerZone,
  NEVER,
  NO_ERRNO,
  ownZone,
  PROGRESS,
  SIGNALS,
  STATS,
  type Zone,
} from './guest-map.js';
import { type CallImports, importCalls, type Profile } from './imports.js';
import { ModuleWriter } from './module.js';
import { Random } from './random.js';

/** What a guest is made from. Equal settings make equal guests. */
export interface GuestSettings {
  readonly seed: number;
  readonly profile: Profile;
  /** Threads with a script, 1 to 7. */
  readonly threads: number;
  /** Calls in each script. */
  readonly calls: number;
  readonly ports: readonly number[];
  readonly wild?: boolean;
  /** It says that it was built with asyncify, and was not: its stack never unwinds. For wild guests. */
  readonly pretender?: boolean;
  readonly without?: ReadonlySet<CallName>;
}

/** Calls of one function: short ones are compiled and thrown away sooner. */
const CHUNK = 200;
const EXTRA_CALLS = 40;

/** How long the main thread waits between its looks, and how many looks without progress it takes. */
const LOOK_NS = 1_000_000n;
const PATIENCE = 80;

/** Globals: the number of the thread, 0 for those that scripts start, MAIN for the main one; calls it has made. */
const THREAD = 0;
const CALLS = 1;
const STACK_POINTER = 2;
const MAIN = 15;
/** Words of PROGRESS: calls of each thread; the last counts the threads that are through with their scripts. */
const DONE = PROGRESS + 64;

/** Writes the pokes of a call and the call; its result is left on the stack, 0 where it has none. */
export function writeCall(code: Code, { call, args, pokes }: RandomCall, index: number): void {
  for (const { address, bytes } of pokes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; at < bytes.length; at += 8) {
      code
        .i32(address + at)
        .i64(view.getBigInt64(at, true))
        .at('i64.store', 0);
    }
  }
  for (const arg of args) {
    if (typeof arg === 'bigint') code.i64(arg);
    else if (typeof arg === 'number') code.i32(arg);
    else code.i32(arg.load).at('i32.load', 0);
  }
  code.call(index);
  if (call.result === 'none' || call.result === 'noreturn') code.i32(0);
}

/** Fills the constants and the guards. */
export function writeSetup(code: Code): void {
  code.copyData(CONSTANTS.start, constants.length);
  for (const { start, end } of GUARDS) code.fill(start, GUARD_BYTE, end - start);
}

/** Counts a result, `note(errno, call)`, and, for scripts, the progress of the thread. */
function noteBody(inScript: boolean): Uint8Array {
  const code = new Code();
  if (inScript) writeProgress(code);
  code.get(1).i32(ERRNO_SLOTS).op('i32.mul');
  code.get(0).i32(NO_ERRNO).get(0).i32(NO_ERRNO).op('i32.lt_u', 'select', 'i32.add');
  return code.i32(4).op('i32.mul').i32(1).at('i32.atomic.rmw.add', STATS).op('drop').body();
}

function writeProgress(code: Code): void {
  code.getGlobal(CALLS).i32(1).op('i32.add').setGlobal(CALLS);
  code.getGlobal(THREAD).i32(4).op('i32.mul').getGlobal(CALLS).at('i32.store', PROGRESS);
}

/** The errno that a thread id or its negative stands for. */
function errnoOfTidBody(): Uint8Array {
  return new Code().i32(0).i32(0).get(0).op('i32.sub').i32(0).get(0).op('i32.lt_s', 'select').body();
}

/** Calls that switch stacks. */
const stackCalls: readonly CallName[] = ['proc_fork', 'proc_fork_env', 'stack_checkpoint', 'stack_restore'];

/** What makes calls: a thread with a script, one that a script has started, a handler of signals. */
type Kind = 'script' | 'extra' | 'handler';

class GuestWriter {
  readonly #settings: GuestSettings;
  readonly #random: Random;
  readonly #writer = new ModuleWriter();
  readonly #imports: CallImports;
  readonly #notes: { readonly script: number; readonly handler: number };
  readonly #errnoOfTid: number;

  constructor(settings: GuestSettings) {
    this.#settings = settings;
    this.#random = new Random(settings.seed);
    this.#imports = importCalls(this.#writer, settings.profile);
    this.#notes = {
      script: this.#writer.add(['i32', 'i32'], [], noteBody(true)),
      handler: this.#writer.add(['i32', 'i32'], [], noteBody(false)),
    };
    this.#errnoOfTid = this.#writer.add(['i32'], ['i32'], errnoOfTidBody());
  }

  write(): Uint8Array<ArrayBuffer> {
    const writer = this.#writer;
    const { threads, calls } = this.#settings;
    const scripts = Array.from({ length: threads }, (_, i) => this.#script('script', ownZone(i + 1), calls));
    const extra = this.#script('extra', ownZone(0), EXTRA_CALLS);
    const handlers = Array.from({ length: HANDLERS }, (_, i) => this.#chunk('handler', handlerZone(i), 1));
    writer.add([], [], this.#mainBody(), '_start');
    writer.add(['i32', 'i32'], [], threadBody(scripts, extra), 'wasi_thread_start');
    writer.add(['i32'], [], handlerBody(writer.type([], [])), '__wasm_signal');
    if (this.#settings.pretender) this.#pretend();
    return writer.finish([0, 0, ARENA.end], handlers);
  }

  /** Exports what a program built with asyncify does. */
  #pretend(): void {
    const writer = this.#writer;
    writer.exportGlobal('__stack_pointer', STACK_POINTER);
    for (const verb of ['start', 'stop']) {
      const params = verb === 'start' ? (['i32'] as const) : [];
      for (const way of ['unwind', 'rewind']) {
        writer.add(params, [], new Code().body(), `asyncify_${verb}_${way}`);
      }
    }
  }

  #import(name: CallName): number {
    const indexes = this.#imports.get(name);
    if (!indexes) throw new Error(`no import of ${name}`);
    return indexes[0]!;
  }

  #script(kind: Kind, zone: Zone, calls: number): number {
    const code = new Code();
    if (this.#settings.profile === 'wasix') this.#writeHandlerName(code);
    for (let left = calls; left > 0; left -= CHUNK) {
      code.call(this.#chunk(kind, zone, Math.min(left, CHUNK)));
    }
    return this.#writer.add([], [], code.body());
  }

  /** A function that makes some calls. */
  #chunk(kind: Kind, zone: Zone, calls: number): number {
    const code = new Code();
    for (let i = 0; i < calls; i++) this.#writeRandomCall(code, kind, zone);
    return this.#writer.add([], [], code.body());
  }

  #writeRandomCall(code: Code, kind: Kind, zone: Zone): void {
    const made = this.#chooseCall(kind, zone);
    const { call } = made;
    if (call.name === 'thread_exit' && kind !== 'extra') countDone(code);
    writeCall(code, made, this.#random.pick(this.#imports.get(call.name)!));
    if (call.result === 'tid') code.call(this.#errnoOfTid);
    code.i32(indexOf(call.name)).call(kind === 'handler' ? this.#notes.handler : this.#notes.script);
  }

  /** One that the profile has. Handlers do not wait: they would keep their signals from taking them out of it. */
  #chooseCall(kind: Kind, zone: Zone): RandomCall {
    const { without, ports, wild = false, pretender = false } = this.#settings;
    for (;;) {
      const switching = pretender && this.#random.chance(0.2) ? this.#random.pick(stackCalls) : undefined;
      const made = randomCall(this.#random, { zone, ports, wild }, switching);
      const { name } = made.call;
      if (this.#imports.has(name) && !without?.has(name) && !(kind === 'handler' && waits.has(name)))
        return made;
    }
  }

  #writeHandlerName(code: Code): void {
    code.i32(handlerName.pointer).i32(handlerName.length).call(this.#import('callback_signal'));
  }

  /** Locals: the ids of the threads, then what each had done at the last look, then looks in vain. */
  #mainBody(): Uint8Array {
    const { threads, profile } = this.#settings;
    const code = new Code();
    const idle = threads * 2;
    const moved = idle + 1;
    const looks = moved + 1;
    code.i32(MAIN).setGlobal(THREAD);
    writeSetup(code);
    if (profile === 'wasix') this.#writeHandlerName(code);
    for (let t = 0; t < threads; t++) {
      code
        .i32(t + 1)
        .call(this.#import('thread-spawn'))
        .set(t);
    }
    code.loop(() => {
      code.i32(NEVER).i32(0).i64(LOOK_NS).at('memory.atomic.wait32', 0).op('drop');
      code.i32(0).set(moved).get(looks).i32(1).op('i32.add').set(looks);
      for (let t = 0; t < threads; t++) this.#lookAfter(code, t, { moved, looks });
      code.i32(0).get(idle).i32(1).op('i32.add').get(moved).op('select').set(idle);
      code.get(idle).i32(PATIENCE).op('i32.gt_u');
      code.if(() => code.i32(0).call(this.#import('proc_exit')));
      code.i32(0).at('i32.atomic.load', DONE).i32(threads).op('i32.eq');
      code.if(() => code.op('return'));
      code.again();
    });
    return code.body(looks + 1);
  }

  /**
   * Notes whether thread `t` has made calls since the last look, and sends it a signal if not: USR1, USR2 and ALRM in
   * turn, for it may be waiting in the handler of one.
   */
  #lookAfter(code: Code, t: number, { moved, looks }: { moved: number; looks: number }): void {
    const { threads, profile } = this.#settings;
    const at = PROGRESS + (t + 1) * 4;
    const last = threads + t;
    if (profile === 'wasix') {
      code.i32(0).at('i32.load', at).get(last).op('i32.eq');
      code.if(() => {
        code.get(t).i32(Signal.USR1).get(looks).i32(1).op('i32.and').i32(2).op('i32.mul', 'i32.add');
        code.get(looks).i32(2).op('i32.and', 'i32.add').call(this.#import('thread_signal')).op('drop');
      });
    }
    code.i32(0).at('i32.load', at).get(last).op('i32.ne');
    // One that has not begun yet may be waiting for its worker.
    code.i32(0).at('i32.load', at).op('i32.eqz', 'i32.or');
    code.if(() => code.i32(1).set(moved).i32(0).at('i32.load', at).set(last));
  }
}

/** The handler of all signals makes the next of the handlers' calls; but the main thread has to keep looking. */
function handlerBody(action: number): Uint8Array {
  const code = new Code().getGlobal(THREAD).i32(MAIN).op('i32.eq');
  code.if(() => code.op('return'));
  code
    .i32(0)
    .i32(1)
    .at('i32.atomic.rmw.add', SIGNALS)
    .i32(HANDLERS - 1)
    .op('i32.and');
  return code.callIndirect(action).body();
}

function countDone(code: Code): void {
  code.i32(0).i32(1).at('i32.atomic.rmw.add', DONE).op('drop');
}

/** A thread takes the script that its argument names, if that is free, else the one for all others. */
function threadBody(scripts: readonly number[], extra: number): Uint8Array {
  const code = new Code();
  scripts.forEach((script, i) => {
    code
      .get(1)
      .i32(i + 1)
      .op('i32.eq');
    code.if(() => {
      code
        .i32(0)
        .i32(1)
        .at('i32.atomic.rmw.xchg', CLAIMED + i * 4)
        .op('i32.eqz');
      code.if(() => {
        code
          .i32(i + 1)
          .setGlobal(THREAD)
          .call(script);
        countDone(code);
        code.op('return');
      });
    });
  });
  code.i32(0).i32(1).at('i32.atomic.rmw.xchg', EXTRA_IN_USE).op('i32.eqz');
  code.if(() => code.call(extra).i32(0).i32(0).at('i32.atomic.store', EXTRA_IN_USE));
  return code.body();
}

/** The module of a fuzzed guest. */
export function writeGuest(settings: GuestSettings): Uint8Array<ArrayBuffer> {
  return new GuestWriter(settings).write();
}

/** How often each call was answered with each errno, from the guest's memory: by the index of the call. */
export function readStats(memory: Uint8Array): readonly Uint32Array[] {
  const words = new Uint32Array(memory.slice(STATS, STATS + everyCall.length * ERRNO_SLOTS * 4).buffer);
  return everyCall.map((_, i) => words.subarray(i * ERRNO_SLOTS, (i + 1) * ERRNO_SLOTS));
}

/** Calls that each thread with a script has made. */
export function readProgress(memory: Uint8Array, threads: number): number[] {
  const words = new Uint32Array(memory.slice(PROGRESS, PROGRESS + 64).buffer);
  return Array.from({ length: threads }, (_, i) => words[i + 1]!);
}
