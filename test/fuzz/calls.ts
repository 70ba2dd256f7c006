/** Random calls: one of all that there are, with arguments made from its description. */
import type { CallDescription } from '../../src/abi/call.js';
import { OFlags } from '../../src/abi/flags.js';
import { allCalls, type CallName } from '../../src/abi/namespaces.js';
import { type ParamType, paramType } from '../../src/abi/param-types.js';
import { AddressFamily, SocketProtocol, SocketType } from '../../src/abi/socket.js';
import { Buffers, tooLong } from './buffers.js';
import { chooseCall } from './choice.js';
import { manyBuffers, type Text, texts } from './constants.js';
import { descriptorFor, type Load, slotFor } from './descriptors.js';
import type { Zone } from './guest-map.js';
import type { Random } from './random.js';
import { byteSizeOf, type StructContext, structs } from './structs.js';
import { anyNumber, anyNumber64, fileSize, named, rights, shortTime, signal } from './values.js';

const calls = allCalls();

/** Bytes that the guest stores before a call. */
export interface Poke {
  /** A multiple of 8. */
  readonly address: number;
  /** Their number is a multiple of 8. */
  readonly bytes: Uint8Array;
}

/** A number for an i32, a bigint for an i64, or where the guest finds an i32. */
export type Argument = number | bigint | Load;

/** A call as a fuzzed guest makes it. */
export interface RandomCall {
  readonly call: CallDescription & { readonly name: CallName };
  /** A value for each wasm parameter. */
  readonly args: readonly Argument[];
  readonly pokes: readonly Poke[];
}

/** What the calls of a guest are chosen from and made with. */
export interface CallSettings {
  /** The zone that a thread puts its structs into. */
  readonly zone: Zone;
  /** Loopback ports that the run may use. */
  readonly ports: readonly number[];
  /** Pointers and lengths also lead where they reach a guard. */
  readonly wild?: boolean;
}

/** Values without which a call comes to nothing, by parameter. */
function usualValue({ name }: CallDescription, param: string): readonly number[] | undefined {
  switch (`${name} ${param}`) {
    case 'sock_open family':
    case 'sock_pair family':
      return [AddressFamily.INET4, AddressFamily.INET4, AddressFamily.INET6, AddressFamily.UNIX];
    case 'sock_open type':
    case 'sock_pair type':
      return [SocketType.STREAM, SocketType.STREAM, SocketType.DGRAM];
    case 'sock_open protocol':
    case 'sock_pair protocol':
      return [SocketProtocol.IP];
    case 'proc_spawn chroot':
    case 'fd_fdstat_set_flags flags':
      return [0];
    case 'path_open oflags':
    case 'path_open2 oflags':
      return [0, OFlags.CREAT, OFlags.DIRECTORY];
    default:
      return undefined;
  }
}

/** A random call, or one of `name`. */
export function randomCall(random: Random, settings: CallSettings, name?: CallName): RandomCall {
  const call = name === undefined ? chooseCall(random) : calls[name];
  const maker = new ArgumentMaker(random, settings, call);
  const args = call.params.flatMap(([name, type]) => maker.argument(name, type));
  return { call, args, pokes: maker.buffers.pokes };
}

/** Makes the arguments of one call. */
class ArgumentMaker implements StructContext {
  readonly random: Random;
  readonly ports: readonly number[];
  readonly buffers: Buffers;
  readonly #call: CallDescription;
  /** Elements of an array whose count is a parameter after it. */
  readonly #count: number;

  constructor(random: Random, settings: CallSettings, call: CallDescription) {
    this.random = random;
    this.ports = settings.ports;
    this.buffers = new Buffers(random, settings);
    this.#call = call;
    this.#count = someCount(random);
  }

  text(): Text {
    return this.#text('path');
  }

  /** The value of a parameter: a number for each of its wasm parameters. */
  argument(name: string, type: ParamType): readonly Argument[] {
    if (type === 'fd') return [descriptorFor(this.random, this.#call, name)];
    if (type === 'out.fd' && this.random.chance(85)) return [slotFor(this.random, this.#call)];
    const usual = this.random.chance(80) ? usualValue(this.#call, name) : undefined;
    if (usual !== undefined) return [this.random.pick(usual)];
    const { wasm, form } = paramType(type);
    switch (form) {
      case 'unsigned':
      case 'signed':
        return [wasm[0] === 'i64' ? this.#long(type) : this.#number(type)];
      case 'enum':
      case 'flags':
        return [wasm[0] === 'i64' ? rights(this.random) : Number(named(this.random, type) & 0xffff_ffffn)];
      case 'pointer':
      case 'scalar':
      case 'struct':
        return [this.#pointer(name, type)];
      case 'array':
        return this.#array(type);
      case 'string':
        return spread(this.#text(name));
      case 'bytes':
        return spread(this.buffers.span());
      case 'iovecs':
        return this.#buffersOf();
      case 'strings':
        return this.#strings();
    }
  }

  #long(type: ParamType): bigint {
    if (type === 'timestamp') return shortTime(this.random);
    return type === 'filesize' || type === 's64' ? fileSize(this.random) : anyNumber64(this.random);
  }

  #number(type: ParamType): number {
    const { random } = this;
    switch (type) {
      case 'pid':
      case 'tid':
        return random.chance(80) ? random.below(14) : anyNumber(random);
      case 'signal':
        return signal(random);
      case 'bool':
        return random.chance(95) ? random.below(2) : anyNumber(random);
      case 'size':
        return this.#count;
      default:
        return anyNumber(random);
    }
  }

  #pointer(name: string, type: ParamType): number {
    const { random, buffers } = this;
    const { direction, struct, bits = 8 } = paramType(type);
    if (name === 'new_value') return buffers.put(structs(this, 'itimerval', byteSizeOf('itimerval')));
    // The start argument of a thread is no address; a futex has to be one of a word.
    if (name === 'start' && type === 'ptr') return random.chance(50) ? 0 : random.below(12);
    if (name === 'addr' && type === 'ptr') return buffers.writable(4) & (random.chance(90) ? ~3 : ~0);
    if (type === 'ptr' || type === 'out.ptr') return buffers.writable(256);
    if (direction === 'out') return buffers.writable(struct?.size ?? bits / 8);
    if (direction === 'in' && random.chance(3)) return buffers.readable();
    if (type === 'inout.size') return buffers.put(word(this.#capacity()));
    if (!struct) return buffers.put(word(random.chance(80) ? random.below(14) : anyNumber(random)));
    if (type === 'inout.option_pid') return buffers.put(optionPid(random));
    return buffers.put(structs(this, type, struct.size));
  }

  /** Of the buffer before it: its bytes, or the elements of an array. */
  #capacity(): number {
    if (this.#call.family === 'port') return this.#count;
    return this.random.chance(90) ? this.random.below(257) : tooMuch(this.random);
  }

  #array(type: ParamType): number[] {
    const { random, buffers } = this;
    const { direction, struct, wasm } = paramType(type);
    const size = struct!.size;
    const count = wasm.length === 2 ? someCount(random) : this.#count;
    // What is asked for without a count has no more elements than this.
    const room = type === 'out.signal_dispositions' ? 31 : count;
    const pointer =
      direction === 'in'
        ? buffers.put(structs(this, type, size, Math.min(count, 4)))
        : buffers.writable(size * room);
    return wasm.length === 2 ? [pointer, count] : [pointer];
  }

  #text(name: string): Text {
    const { random, buffers } = this;
    if (random.chance(3)) return buffers.span();
    if (random.chance(2)) return texts.invalid;
    const text = random.pick(this.#textsFor(name));
    return random.chance(97) ? text : { pointer: text.pointer, length: random.below(600) };
  }

  #textsFor(name: string): readonly Text[] {
    const { random } = this;
    const { name: call } = this.#call;
    if (call === 'callback_signal') return texts.exports;
    if (name === 'host') return texts.hosts;
    if (name === 'target') return texts.targets;
    if (/^proc_(spawn|exec)/.test(call)) {
      if (name === 'preopen' || name === 'workdir') return random.chance(85) ? texts.empty : texts.paths;
      if (name === 'envs') return random.chance(85) ? texts.environments : texts.lines;
      return name === 'name' ? texts.programs : texts.lines;
    }
    return texts.paths;
  }

  #buffersOf(): [number, number] {
    const { random, buffers } = this;
    if (random.chance(1)) return [manyBuffers.pointer, manyBuffers.count];
    const count = random.pick([0, 1, 1, 1, 1, 2, 2, 3, 4]);
    const list = new Uint8Array(count * 8);
    const view = new DataView(list.buffer);
    for (let i = 0; i < count; i++) {
      const { pointer, length } = buffers.span();
      view.setUint32(i * 8, pointer, true);
      view.setUint32(i * 8 + 4, length, true);
    }
    if (random.chance(2)) return [buffers.put(list), random.pick([0x1000_0000, 0x2000_0001, 0xffff_ffff])];
    return [random.chance(98) ? buffers.put(list) : buffers.outside(), count];
  }

  #strings(): [number, number] {
    const { random, buffers } = this;
    const count = random.below(4);
    const list = new Uint8Array(count * 4);
    const view = new DataView(list.buffer);
    for (let i = 0; i < count; i++) view.setUint32(i * 4, random.pick(texts.lines).pointer, true);
    return [buffers.put(list), random.chance(97) ? count : anyNumber(random)];
  }
}

function spread({ pointer, length }: Text): [number, number] {
  return [pointer, length];
}

/** Elements of an array: few, many, or more than memory has. */
function someCount(random: Random): number {
  if (random.chance(96)) return random.below(5);
  return random.chance(50) ? random.below(1500) : tooMuch(random);
}

function tooMuch(random: Random): number {
  return random.pick(tooLong);
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function optionPid(random: Random): Uint8Array {
  return new Uint8Array(Uint32Array.of(random.below(3), random.below(14)).buffer);
}
