/** Descriptors 0, 1 and 2 of a guest process, from what the user asked for. */
import { Readable, Writable } from 'node:stream';
import { FileType } from '../../abi/filetype.js';
import { RightBit } from '../../abi/rights.js';
import { Access, createOpenFile, FileKind } from '../../kernel/descriptors/open-file.js';
import { install } from '../../kernel/descriptors/table.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { Device } from '../../kernel/objects/device.js';
import { createStream, STREAM } from '../../kernel/streams/stream.js';
import { LoadError } from '../load-error.js';
import {
  closeReopened,
  inheritedInput,
  inheritedOutput,
  ownSink,
  ownSource,
  releaseOwnSource,
  releaseSpareSink,
  spareSink,
  terminalSource,
} from './inherited.js';
import { rightsWith } from './stdio-rights.js';
import type { OutputSetting, StdinSetting, StdioSettings, TraceSetting } from './stdio-settings.js';
import { InputPump, OutputPump, type StreamPump } from './stream-pump.js';
import { traceSink } from './trace-sink.js';

/** The standard streams of one process while it runs. */
export class Stdio {
  readonly pumps: StreamPump[] = [];
  /** Which of 0, 1, 2 are terminals. */
  readonly terminals: boolean[] = [];
  readonly #kernel: KernelMemory;
  readonly #process: number;
  readonly #collected: (Uint8Array[] | undefined)[] = [];
  readonly #settings: StdioSettings;
  readonly #closers: (() => void)[] = [];
  readonly #standBys = new Set<StreamPump>();

  constructor(kernel: KernelMemory, process: number, settings: StdioSettings) {
    this.#kernel = kernel;
    this.#process = process;
    this.#settings = settings;
    this.#installInput(settings.stdin);
    this.#installOutput(1, settings.stdout);
    this.#installOutput(2, settings.stderr);
  }

  /** Makes the stream that a trace goes through; its lines are written like the guest's own output. */
  openTrace(target: TraceSetting): number {
    const stream = createStream(this.#kernel);
    const { sink, dispose } = traceSink(target);
    this.pumps.push(new OutputPump(this.#kernel, stream, sink, dispose));
    return stream;
  }

  /** Answers a guest's call on a stream. */
  serve(stream: number): void {
    for (const pump of this.pumps) if (pump.stream === stream) pump.serve();
  }

  /**
   * Resolves when all that the guest has written is passed on. A stand-by stream has nothing to flush: a write through
   * it is complete only when its bytes are out, so what is left in it belongs to a write that was cut short.
   */
  async flush(): Promise<void> {
    await Promise.all(this.pumps.filter((pump) => !this.#standBys.has(pump)).map((pump) => pump.flush()));
  }

  close(): void {
    for (const pump of this.pumps) pump.close();
    for (const close of this.#closers) close();
  }

  /** What was collected of descriptor 1 or 2, in the form asked for. */
  result(fd: 1 | 2): string | Buffer | undefined {
    const chunks = this.#collected[fd];
    if (!chunks) return undefined;
    const bytes = Buffer.concat(chunks);
    return (fd === 1 ? this.#settings.stdout : this.#settings.stderr) === 'string'
      ? bytes.toString('utf8')
      : bytes;
  }

  #install(init: Parameters<typeof createOpenFile>[1], right: number): void {
    const kernel = this.#kernel;
    const file = createOpenFile(kernel, init, HOST_OWNER);
    install({ kernel, process: this.#process, owner: HOST_OWNER }, file, { rights: rightsWith(right) });
  }

  #installNothing(access: number, right: number): void {
    this.#install(
      { kind: FileKind.DEVICE, type: FileType.CHARACTER_DEVICE, access, device: Device.NULL },
      right,
    );
  }

  #installInput(setting: StdinSetting): void {
    if (setting === 'ignore') return this.#installNothing(Access.READ, RightBit.FD_READ);
    if (setting === 'inherit') return this.#inheritInput();
    const source =
      setting instanceof Readable ? setting : Readable.from([contentOf(setting)], { objectMode: false });
    this.#survive(source);
    const stream = createStream(this.#kernel);
    this.pumps.push(
      new InputPump(
        this.#kernel,
        stream,
        () => source,
        () => undefined,
      ),
    );
    this.#install(
      { kind: FileKind.STREAM, type: FileType.UNKNOWN, access: Access.READ, stream },
      RightBit.FD_READ,
    );
  }

  #inheritInput(): void {
    const inherited = inheritedInput(0);
    if (!inherited) return this.#installNothing(Access.READ, RightBit.FD_READ);
    const { filetype: type, hostFd, terminal } = inherited;
    this.terminals[0] = terminal;
    if (hostFd >= 0) {
      return this.#install(
        { kind: FileKind.SEQUENTIAL, type, access: Access.READ, hostFd },
        RightBit.FD_READ,
      );
    }
    const stream = createStream(this.#kernel);
    this.#kernel.words[stream + STREAM.REOPENS] = Number(terminal);
    const open = terminal ? terminalSource : ownSource;
    this.pumps.push(new InputPump(this.#kernel, stream, open, releaseOwnSource));
    this.#install({ kind: FileKind.STREAM, type, access: Access.READ, stream }, RightBit.FD_READ);
  }

  #installOutput(fd: 1 | 2, setting: OutputSetting): void {
    if (setting === 'ignore') return this.#installNothing(Access.WRITE, RightBit.FD_WRITE);
    if (setting === 'inherit') return this.#inheritOutput(fd);
    const sink = setting instanceof Writable ? setting : this.#collector(fd);
    this.#survive(sink);
    this.#installSink(FileType.UNKNOWN, () => sink);
  }

  /** A stream may fail before its pump listens to it. The guest learns of it then; the host program must not die of it. */
  #survive(stream: Readable | Writable): void {
    const ignore = () => undefined;
    stream.on('error', ignore);
    this.#closers.push(() => stream.off('error', ignore));
  }

  #collector(fd: 1 | 2): Writable {
    const chunks: Uint8Array[] = [];
    this.#collected[fd] = chunks;
    return new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
  }

  #installSink(type: FileType, open: () => Writable): void {
    const stream = createStream(this.#kernel);
    this.pumps.push(new OutputPump(this.#kernel, stream, open, () => undefined));
    this.#install({ kind: FileKind.STREAM, type, access: Access.WRITE, stream }, RightBit.FD_WRITE);
  }

  #inheritOutput(fd: 1 | 2): void {
    const inherited = inheritedOutput(fd);
    if (!inherited) return this.#installNothing(Access.WRITE, RightBit.FD_WRITE);
    const { filetype: type, hostFd, mayFill, terminal } = inherited;
    this.terminals[fd] = terminal;
    if (hostFd < 0) return this.#installSink(type, () => ownSink(fd));
    const init = { kind: FileKind.SEQUENTIAL, type, access: Access.WRITE, hostFd };
    if (!mayFill) return this.#install(init, RightBit.FD_WRITE);
    const stream = createStream(this.#kernel);
    this.#install({ ...init, stream }, RightBit.FD_WRITE);
    this.#standBy(stream, fd, hostFd);
  }

  /** Has a Node stream ready for what the reopened descriptor, which stays the guest's alone, does not take. */
  #standBy(stream: number, fd: 1 | 2, hostFd: number): void {
    const pump = new OutputPump(this.#kernel, stream, () => spareSink(fd), releaseSpareSink);
    this.pumps.push(pump);
    this.#standBys.add(pump);
    this.#closers.push(() => closeReopened(hostFd));
  }
}

/** What JavaScript gives may be none of the settings that there are. */
function contentOf(setting: { readonly text: string } | Uint8Array): Buffer {
  if (setting instanceof Uint8Array) return Buffer.from(setting);
  if (typeof setting.text === 'string') return Buffer.from(setting.text);
  throw new LoadError(
    'bad-option',
    "stdin must be 'inherit', 'ignore', { text }, bytes or a stream of Node's",
  );
}
