/** A pool through which a test sees the kernel memory of the programs that run on it. */
import { KernelMemory } from '../src/kernel/memory/kernel-memory.js';
import { threadAt, threadsUsed } from '../src/kernel/threads/thread-record.js';
import { THREAD } from '../src/kernel/threads/thread-words.js';
import { describeThreads } from '../src/runtime/host/thread-states.js';
import type { WorkerMessage } from '../src/runtime/image.js';
import { ThreadPool } from '../src/runtime/thread-pool.js';

/** A guest process on the pool. */
export interface ObservedProcess {
  readonly kernel: KernelMemory;
  readonly process: number;
}

export class ObservedPool extends ThreadPool {
  /** Processes under way, by their keys. */
  readonly running = new Map<number, ObservedProcess>();
  /** The process announced last, also when it is over. */
  latest: ObservedProcess | undefined;

  override announce(key: number, message: unknown): void {
    const content = message as WorkerMessage;
    if (content.type === 'process') {
      this.latest = { kernel: new KernelMemory(content.image.kernel), process: content.image.process };
      this.running.set(key, this.latest);
    }
    super.announce(key, message);
  }

  override withdraw(key: number, message: unknown): void {
    this.running.delete(key);
    super.withdraw(key, message);
  }

  /** What every guest thread on the pool is doing. */
  describe(): string {
    const programs = [...this.running.values()].map(({ kernel, process }) =>
      describeThreads(kernel, process),
    );
    return `${programs.join('\n--\n') || 'no program'}\npool: ${JSON.stringify(this.counters)}`;
  }

  /** Worker number by thread id, for the last thread of each record of the latest process: it may be over. */
  get workersByThread(): Record<number, number> {
    const { kernel } = this.latest!;
    const map: Record<number, number> = {};
    for (let index = 0; index < threadsUsed(kernel); index++) {
      const record = threadAt(kernel, index);
      const tid = kernel.words[record + THREAD.TID]!;
      if (tid !== 0) map[tid] = kernel.words[record + THREAD.WORKER]!;
    }
    return map;
  }
}
