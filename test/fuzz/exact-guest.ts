/**
 * A guest of one thread, whose memory is compared after each call with what it was before: a call writes to nothing but
 * what its arguments name.
 */
import { Errno } from '../../src/abi/errno.js';
import type { CallName } from '../../src/abi/namespaces.js';
import { run } from '../../src/index.js';
import { type RandomCall, randomCall } from './calls.js';
import { Code } from './code.js';
import { writeCall, writeSetup } from './guest.js';
import { MEMORY_END, ownZone, SLOTS_OF_A_KIND, type SlotKind, slotAt } from './guest-map.js';
import { importCalls } from './imports.js';
import { ModuleWriter } from './module.js';
import { Random } from './random.js';
import type { FuzzPool } from './run-guest.js';
import type { Scratch } from './scratch.js';
import { writtenBy } from './written.js';

/** Calls that end the program, or wait for what no other thread does. */
const unwanted: ReadonlySet<CallName> = new Set<CallName>([
  ...(['proc_exit', 'proc_exit2', 'proc_exec', 'proc_exec2', 'proc_exec3', 'proc_exec4'] as const),
  ...(['thread_exit', 'proc_fork', 'proc_fork_env', 'stack_checkpoint', 'stack_restore'] as const),
  ...(['proc_raise', 'proc_signal', 'thread_signal', 'proc_raise_interval', 'proc_raise_interval2'] as const),
  ...(['sock_accept', 'sock_accept_v2', 'proc_join', 'proc_join_2022', 'thread_join'] as const),
]);

/** Wanted only where they are not likely to wait. */
const readers: ReadonlySet<CallName> = new Set<CallName>([
  'fd_read',
  'sock_recv',
  'sock_recv_from',
  'sock_recv_msg',
]);
const streams: readonly SlotKind[] = ['pipe', 'pair', 'socket', 'event'];

/** The call of a seed. */
export function callOf(seed: number): RandomCall {
  for (const random = new Random(seed); ; ) {
    const made = randomCall(random, { zone: ownZone(1), ports: [] });
    const { name } = made.call;
    if (!unwanted.has(name) && !(readers.has(name) && isOnStream(made))) return made;
  }
}

function isOnStream({ args: [fd] }: RandomCall): boolean {
  if (typeof fd !== 'object') return true;
  return streams.some((kind) => fd.load >= slotAt(kind, 0) && fd.load <= slotAt(kind, SLOTS_OF_A_KIND - 1));
}

/** The module that makes `calls` and asks `fuzz.check(number, result)` after each, and first of all with −1. */
export function writeExactGuest(calls: readonly RandomCall[], random: Random): Uint8Array<ArrayBuffer> {
  const writer = new ModuleWriter();
  const imports = importCalls(writer, 'wasix');
  const check = writer.importFunction('fuzz', 'check', ['i32', 'i32'], []);
  const code = new Code();
  writeSetup(code);
  code.i32(-1).i32(0).call(check);
  calls.forEach((made, number) => {
    code.i32(number);
    writeCall(code, made, random.pick(imports.get(made.call.name)!));
    code.call(check);
  });
  writer.add([], [], code.body(), '_start');
  writer.add(['i32', 'i32'], [], new Code().body(), 'wasi_thread_start');
  return writer.finish([], []);
}

/** Compares the guest's memory with what it should be. */
class Shadow {
  readonly #calls: readonly RandomCall[];
  readonly #pool: FuzzPool;
  #expected = new Uint8Array(MEMORY_END);
  /** Calls that were checked, and the first fault found. */
  checked = 0;
  fault: string | undefined;

  constructor(calls: readonly RandomCall[], pool: FuzzPool) {
    this.#calls = calls;
    this.#pool = pool;
  }

  check(number: number, result: number): void {
    const memory = this.#pool.memory!;
    if (number < 0) {
      this.#expected.set(memory);
      return;
    }
    const made = this.#calls[number]!;
    for (const { address, bytes } of made.pokes) this.#expected.set(bytes, address);
    for (const { start, end } of writtenBy(made, new DataView(this.#expected.buffer))) {
      this.#expected.set(memory.subarray(start, end), start);
    }
    this.checked++;
    if (Buffer.compare(memory, this.#expected) !== 0) this.#tell(made, this.#difference(memory));
    if (!isAnswer(made, result)) this.#tell(made, `answered ${result}`);
  }

  #difference(memory: Uint8Array): string {
    const at = memory.findIndex((byte, i) => byte !== this.#expected[i]);
    return `wrote to ${at}, which it was not given`;
  }

  #tell({ call, args }: RandomCall, what: string): void {
    const given = args.map((arg) => (typeof arg === 'object' ? `(at ${arg.load})` : String(arg)));
    this.fault ??= `${call.name}(${given.join(', ')}) ${what}`;
  }
}

function isAnswer({ call }: RandomCall, result: number): boolean {
  return result <= LAST_ERRNO ? result >= (call.result === 'tid' ? -LAST_ERRNO : 0) : call.result === 'tid';
}

const LAST_ERRNO = Errno.PENDING;

/** How long a script may take that comes to wait; it is cut off there. */
const CUT_MS = 1500;

/** Makes the calls of the seeds, and answers how many were checked. Throws what is wrong with one. */
export async function checkWrites(
  pool: FuzzPool,
  scratch: Scratch,
  seeds: readonly number[],
): Promise<number> {
  const calls = seeds.map(callOf);
  const shadow = new Shadow(calls, pool);
  const check = (number: number, result: number) => shadow.check(number, result);
  const { reason, message, stack } = await run(writeExactGuest(calls, new Random(seeds[0] ?? 0)), {
    ...scratch.options([1], true),
    pool,
    imports: { fuzz: { check } },
    args: ['x', 'y z'],
    env: { A: '1' },
    stdout: 'ignore',
    stderr: 'ignore',
    onNotice: () => undefined,
    maxDescriptors: 256,
    maxProcesses: 6,
    timeout: CUT_MS,
  });
  if (shadow.fault) throw new Error(shadow.fault);
  if (reason === 'fault' || reason === 'trap') throw new Error(`${message}\n${stack}`);
  return shadow.checked;
}
