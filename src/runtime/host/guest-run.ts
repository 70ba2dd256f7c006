/**
 * One run of a guest program, from the host's side: sets the first process up, hands its main thread to the pool, takes
 * part in the starts and ends of further ones, hears of its end, makes that end certain, and cleans up. Everything here
 * happens on the host's event loop; guest threads wait for it only where a stream is to be moved, a worker created or a
 * program passed on to the workers.
 */

import { Signal } from '../../abi/signal.js';
import { stopwatch } from '../../kernel/clock.js';
import type { EndReport, HostMessage } from '../../kernel/host-link.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { EndKind, isEnding, PROCESS } from '../../kernel/processes/process-record.js';
import { endsProcess, signalFound } from '../../kernel/signals/post.js';
import type { WorkerPool } from '../../pool/worker-pool.js';
import { type ProcessImage, THREAD_TASK } from '../image.js';
import type { ListenerAddress } from '../listener-place.js';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import { foregroundProcess } from './host-sender.js';
import { serveImport } from './import-server.js';
import { IntervalTimers } from './interval-timers.js';
import { installListeners, type NewListener, openListeners } from './listeners.js';
import { makeImage } from './process-image.js';
import {
  claimMainThread,
  createGuestProcess,
  installPreopens,
  type NewProcess,
  writableDirectories,
} from './process-setup.js';
import { closeRun } from './process-teardown.js';
import { ReactorWorker } from './reactor-worker.js';
import { RunProcesses } from './run-processes.js';
import { type RunResult, readEnd, readThreadCounts } from './run-result.js';
import { Stdio } from './stdio.js';
import { HostTerminal } from './terminal.js';

let nextKey = 1;

/** How long the output of a program that was killed may take to be passed on. */
const LAST_WORDS_MS = 50;

/** How long the peers of sockets may take, after the end, to take what the program has sent. */
const SOCKETS_MS = 5000;

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

export class GuestRun {
  readonly result: Promise<RunResult>;
  /** Where the listeners are that the program is handed, in their order, once all are open: before it starts. */
  readonly listening: Promise<readonly ListenerAddress[]>;
  /** The terminal that the standard streams are on, if they are. */
  readonly terminal: HostTerminal;
  readonly #pool: WorkerPool;
  readonly #settings: RunSettings;
  readonly #guest: NewProcess;
  readonly #kernel: KernelMemory;
  readonly #processes: RunProcesses;
  readonly #timers: IntervalTimers;
  readonly #stdio: Stdio;
  readonly #reactor: ReactorWorker;
  readonly #key = nextKey++;
  readonly #began = stopwatch();
  readonly #before: { created: number; reused: number };
  #started = 0;
  #report: EndReport | undefined;
  #ended: () => void = () => undefined;
  readonly #end: Promise<void>;
  #loseInterest: () => void = () => undefined;
  readonly #impatience: Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  /** Starts the program. Throws when its files or its memory cannot be had. */
  constructor(loaded: LoadedModule, pool: WorkerPool, settings: RunSettings) {
    this.#pool = pool;
    this.#settings = settings;
    this.#before = pool.counters;
    this.#guest = createGuestProcess(loaded, settings);
    const { kernel } = this.#guest;
    this.#kernel = kernel;
    this.#processes = new RunProcesses(kernel, pool, {
      key: this.#key,
      ended: (pid, report) => this.#hear(pid, report),
      notice: (text) => settings.notice(text),
    });
    this.#timers = new IntervalTimers(this.#processes.sender);
    this.#stdio = openStdio(this.#guest, settings);
    this.terminal = new HostTerminal(kernel, this.#stdio.terminals, () => this.deliver(Signal.WINCH));
    this.#reactor = new ReactorWorker(
      kernel,
      { policy: settings.net, writable: writableDirectories(this.#guest) },
      {
        notice: (text) => settings.notice(text),
        lost: (error) => this.#lose(`the worker of the sockets was lost: ${error.message}`),
      },
    );
    this.#end = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.#impatience = new Promise((resolve) => {
      this.#loseInterest = resolve;
    });
    let listeners: NewListener[];
    try {
      installPreopens(this.#guest);
      listeners = installListeners(this.#guest, settings.listeners);
    } catch (error) {
      this.#close();
      throw error;
    }
    this.listening = openListeners(kernel, this.#reactor, listeners);
    this.listening.catch(() => undefined);
    this.result = this.#run(loaded);
  }

  /** Ends the run as signal `number` would, whatever handlers it has. */
  kill(number: number): void {
    this.#endByHost(EndKind.SIGNAL, number);
  }

  /** Sends the signal to the process in the foreground: to its handler, if it has one; else it does what it does by default. */
  deliver(number: number): void {
    // After the guest's end the signal is for what is left of it: output that its reader does not take.
    if (isEnding(this.#kernel, this.#guest.process) && endsProcess(number)) return this.#loseInterest();
    signalFound(this.#processes.sender, () => foregroundProcess(this.#kernel), number);
  }

  async #run(loaded: LoadedModule): Promise<RunResult> {
    const release = this.#pool.hold();
    const leavePool = this.#pool.addUser(this.#key, {
      message: (message) => this.#receive(message as HostMessage),
      taskLost: (task, error) => this.#processes.lose(task, describeLoss(error)),
      end: async () => {
        this.kill(Signal.KILL);
        this.#loseInterest();
        await this.result;
      },
    });
    try {
      const { trace: target } = this.#settings;
      const trace = target && { stream: this.#stdio.openTrace(target) };
      const { terminals } = this.#stdio;
      const image = makeImage(this.#key, loaded, this.#guest, this.#settings, { terminals, trace });
      // A program without listeners is started at once.
      if (this.#settings.listeners.length > 0) await this.listening;
      this.#processes.begin(image);
      this.#startMain(image);
      await this.#end;
      await this.#processes.endAll();
      const patience = this.#wasKilled() ? [pause(LAST_WORDS_MS)] : [];
      await Promise.race([this.#lastBytes(), this.#impatience, ...patience]);
      return this.#result();
    } finally {
      clearTimeout(this.#timer);
      this.#timers.close();
      await this.#reactor.end();
      leavePool();
      this.#processes.withdraw();
      this.#close();
      release();
    }
  }

  /** What the program has written and sent goes out after its end. */
  async #lastBytes(): Promise<void> {
    await Promise.all([this.#stdio.flush(), this.#reactor.finish(SOCKETS_MS)]);
  }

  /** Something that the run cannot do without is gone. */
  #lose(message: string): void {
    const report = { kind: EndKind.FAULT, tid: 0, message, stack: '' };
    this.#processes.endByHost(this.#guest.process, EndKind.FAULT, 0, report);
  }

  #close(): void {
    this.terminal.close();
    this.#stdio.close();
    closeRun(this.#guest);
  }

  #startMain({ serial }: ProcessImage): void {
    const record = claimMainThread(this.#guest);
    this.#started = stopwatch();
    const { timeout } = this.#settings;
    if (timeout !== undefined) this.#timer = setTimeout(() => this.#endByHost(EndKind.TIMEOUT, 0), timeout);
    const task = [THREAD_TASK, this.#key, record, 0, 1, serial];
    const submission = this.#pool.submit(task);
    if (submission !== 'full' && submission !== 'closed') return;
    const why = submission === 'full' ? `all its ${this.#pool.maxSize} workers are busy` : 'it is shut down';
    this.#processes.lose(task, `the pool "${this.#pool.name}" takes no program: ${why}`);
  }

  #receive(message: HostMessage): void {
    switch (message.type) {
      case 'ended':
        return this.#processes.end(message);
      case 'process':
        return this.#processes.adopt(message.image as ProcessImage, message.worker);
      case 'need':
        return this.#processes.need(message);
      case 'nudge':
        return this.#processes.sender.rouse(message.record);
      case 'timers':
        return this.#timers.serve(message.process);
      case 'reactor':
        return this.#reactor.start();
      case 'stream':
        return this.#stdio.serve(message.stream);
      case 'terminal':
        return this.terminal.serve(message);
      case 'import':
        return this.#serveImport(message);
      case 'notice':
        return this.#settings.notice(message.text);
    }
  }

  #serveImport(message: HostMessage & { type: 'import' }): void {
    const report = serveImport(this.#kernel, this.#settings.imports, message);
    // Where the end has been decided already it stays as it is, and its output is waited for.
    if (report) this.#processes.endByHost(this.#guest.process, EndKind.FAULT, 0, report);
  }

  #endByHost(kind: EndKind, value: number): void {
    // The guest is over already: then it is its output that is not taken, and no longer waited for.
    if (!this.#processes.endByHost(this.#guest.process, kind, value)) this.#loseInterest();
  }

  /** A process has come to its end. The end of the first is the end of the run; others report what went wrong. */
  #hear(pid: number, report: EndReport | undefined): void {
    if (pid === this.#kernel.words[this.#guest.process + PROCESS.PID]) {
      this.#report ??= report;
      this.#ended();
    } else if (report) {
      const where = `process ${pid}, thread ${report.tid}`;
      this.#settings.notice([`${where}: ${report.message}`, report.stack].filter(Boolean).join('\n'));
    }
  }

  /** After a signal or the time limit nobody waits for output that its reader does not take. */
  #wasKilled(): boolean {
    const kind = this.#kernel.words[this.#guest.process + PROCESS.END_KIND];
    return kind === EndKind.SIGNAL || kind === EndKind.TIMEOUT;
  }

  #result(): RunResult {
    const { created, reused } = this.#pool.counters;
    return {
      ...readEnd(this.#guest, this.#report),
      stdout: this.#stdio.result(1),
      stderr: this.#stdio.result(2),
      stats: {
        ...readThreadCounts(this.#guest),
        workersCreated: created - this.#before.created,
        workersReused: reused - this.#before.reused,
        startupMs: this.#started - this.#began,
        runMs: stopwatch() - this.#started,
      },
    };
  }
}

function openStdio(guest: NewProcess, { stdio }: RunSettings): Stdio {
  try {
    return new Stdio(guest.kernel, guest.process, stdio);
  } catch (error) {
    closeRun(guest);
    throw error;
  }
}

/** What becomes of a thread whose worker is gone. */
function describeLoss(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return 'out of memory: the worker of the thread reached its heap limit';
  return `the worker of the thread was lost: ${error.message}`;
}
