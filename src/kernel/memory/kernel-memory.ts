/**
 * The shared memory in which the kernel keeps what all threads of a run must agree on.
 *
 * One growable shared `WebAssembly.Memory` per run, seen as 32-bit words. Addresses are word indexes; 0 is
 * "none". The fixed tables come first, blocks handed out by `allocate` after them.
 *
 * Words of the header (index: meaning; written by; read by):
 *   0 MAGIC       set once by the host; every thread checks it
 *   1 NEXT_ID     the last process or thread id given out (ABI §4.2); spawners, Atomics.add
 *   2 ALLOC_LOCK  guards 3 and 8…31
 *   3 BREAK       first word never allocated
 *   4 PROCESSES   address of the process table      (set once)
 *   5 PROCESS_CAP its entries                       (set once)
 *   6 THREADS     address of the thread table       (set once)
 *   7 THREAD_CAP  its entries                       (set once)
 *   8…31          heads of the free lists, one per power of two
 *   32 SCRATCH    the private scratch directory (files/scratch-cell.ts)
 *   33…39         the text of SCRATCH; reserved
 *   40 PROCESS_LOCK guards the process table: claims, ends, who is whose child (processes/process-table.ts)
 *   41 LAST_SERIAL the last serial number given to a program image; Atomics.add
 *   42 CLOSING     1 once the run is over: no further process is made; the host, under PROCESS_LOCK
 *   43 TERMINAL    the terminal of the run, 0 for none (kernel/terminal.ts)  (set once)
 *   44 THREADS_USED entries of the thread table that were ever claimed; the lowest free one is always taken
 *   45 IDS_AGAIN  1 once NEXT_ID has come to its end and begun again: ids may be in use (system.ts)
 *   46 THREAD_LOCK a thread record is freed, and a signal sent to the thread of one, under it (threads/thread-record.ts)
 *   48 EPOLL_LOCK  guards which descriptors the epoll sets watch (epoll/words.ts)
 *   49 EPOLL_ITEMS how many watches there are in all sets; under EPOLL_LOCK
 *   50 REACTOR     the reactor's list, 0 before the first socket needs it (sockets/reactor-list.ts)
 *   51 FREE_FILES  blocks of closed open-file descriptions (descriptors/open-file.ts); under ALLOC_LOCK
 */
import type { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import { lock, unlock } from './lock.js';
import { bufferOf } from './shared-growth.js';

export const HEADER = {
  MAGIC: 0,
  NEXT_ID: 1,
  ALLOC_LOCK: 2,
  BREAK: 3,
  PROCESSES: 4,
  PROCESS_CAP: 5,
  THREADS: 6,
  THREAD_CAP: 7,
  FREE_LISTS: 8,
  SCRATCH: 32,
  PROCESS_LOCK: 40,
  LAST_SERIAL: 41,
  CLOSING: 42,
  TERMINAL: 43,
  THREADS_USED: 44,
  IDS_AGAIN: 45,
  THREAD_LOCK: 46,
  EPOLL_LOCK: 48,
  EPOLL_ITEMS: 49,
  REACTOR: 50,
  FREE_FILES: 51,
  WORDS: 64,
} as const;

const MAGIC = 0x57534958;
const PAGE_WORDS = 0x10000 / 4;
/** 1 GiB: a bound on what directory listings and tables may take, reached by no sane guest. */
const MAX_PAGES = 16_384;
const SMALLEST_CLASS = 4;
const LARGEST_CLASS = 26;

export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  words: Int32Array;
  bytes: Uint8Array;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.words = new Int32Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    if (this.words[HEADER.MAGIC] !== MAGIC) throw new TypeError('not a kernel memory');
  }

  /** Makes the memory of a new run, with `fixedWords` words of tables behind the header. */
  static create(fixedWords: number): KernelMemory {
    const pages = Math.ceil((HEADER.WORDS + fixedWords) / PAGE_WORDS) + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES, shared: true });
    const words = new Int32Array(memory.buffer);
    words[HEADER.MAGIC] = MAGIC;
    words[HEADER.BREAK] = HEADER.WORDS + fixedWords;
    return new KernelMemory(memory);
  }

  /** Makes this thread's views cover `count` words at `address`, which another thread may have allocated. */
  reach(address: number, count: number): void {
    if (address + count > this.words.length) this.#refresh(address + count);
  }

  #refresh(end: number): void {
    const buffer = bufferOf(this.memory, end * 4);
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  /**
   * A zeroed block of at least `count` words; `owner` is the calling thread's lock owner number.
   * Blocks are powers of two and aligned to their size up to a page, so that a block never straddles the end
   * of an older view. Memory that was never allocated is used up to the word `within` only, for blocks that a guest may
   * ask for without end: the rest is left to what the kernel itself needs. KernelMemoryFull when there is no more.
   */
  allocate(count: number, owner: number, within = MAX_PAGES * PAGE_WORDS): number {
    const sizeClass = classOf(count);
    const size = 2 ** sizeClass;
    const head = HEADER.FREE_LISTS + sizeClass - SMALLEST_CLASS;
    lock(this.words, HEADER.ALLOC_LOCK, owner);
    try {
      const free = this.words[head]!;
      if (free === 0) return this.#extend(size, within);
      this.reach(free, size);
      this.words[head] = this.words[free]!;
      this.words.fill(0, free, free + size);
      return free;
    } finally {
      unlock(this.words, HEADER.ALLOC_LOCK);
    }
  }

  /** Gives back a block that `allocate` answered for the same `count`. */
  free(address: number, count: number, owner: number): void {
    const head = HEADER.FREE_LISTS + classOf(count) - SMALLEST_CLASS;
    this.reach(address, count);
    lock(this.words, HEADER.ALLOC_LOCK, owner);
    this.words[address] = this.words[head]!;
    this.words[head] = address;
    unlock(this.words, HEADER.ALLOC_LOCK);
  }

  #extend(size: number, within: number): number {
    const alignment = Math.min(size, PAGE_WORDS);
    const start = Math.ceil(this.words[HEADER.BREAK]! / alignment) * alignment;
    const end = start + size;
    if (end > within) throw new KernelMemoryFull(`no room for a kernel block of ${size} words`);
    this.reach(start, size);
    if (end > this.words.length) {
      this.#grow(Math.ceil((end - this.words.length) / PAGE_WORDS));
    }
    this.words[HEADER.BREAK] = end;
    return start;
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      throw new KernelMemoryFull(`the system has no ${pages} pages more for the kernel`);
    }
    this.#refresh(this.words.length + pages * PAGE_WORDS);
  }
}

/** There is no kernel memory left: a guest asked for more than a run can have. A call that lets it through answers NOMEM. */
export class KernelMemoryFull extends RangeError {}

/** Runs `make`, which allocates; when that fails for want of kernel memory, ends the guest call with `errno`. */
export function orFull<T>(errno: Errno, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof KernelMemoryFull) return fail(errno);
    throw error;
  }
}

function classOf(count: number): number {
  const sizeClass = Math.max(SMALLEST_CLASS, 32 - Math.clz32(count - 1));
  if (sizeClass > LARGEST_CLASS) throw new KernelMemoryFull(`a kernel block of ${count} words is too large`);
  return sizeClass;
}
