/** Which descriptors the arguments of a call name, and where the descriptors that it makes go. */
import type { CallDescription } from '../../src/abi/call.js';
import { SLOTS_OF_A_KIND, type SlotKind, slotAt, slotKinds } from './guest-map.js';
import type { Random } from './random.js';
import { descriptor, dispensable } from './values.js';

/** A value that the guest loads from memory: a descriptor that an earlier call, of whatever thread, has put there. */
export interface Load {
  readonly load: number;
}

function slot(random: Random, kinds: readonly SlotKind[]): number {
  return slotAt(random.pick(kinds), random.below(SLOTS_OF_A_KIND));
}

const streams: readonly SlotKind[] = ['socket', 'socket', 'socket', 'pair', 'pipe'];

/** The kinds of descriptor that a call works on. */
function kindsFor({ name, family }: CallDescription, param: string): readonly SlotKind[] {
  if (param === 'epfd') return ['epoll'];
  if (param === 'in_fd') return ['file', 'file', 'directory'];
  if (family === 'sock') return streams;
  if (family === 'path' || name === 'fd_readdir') return ['directory', 'directory', 'file'];
  if (family === 'epoll') return ['pipe', 'pair', 'socket', 'event', 'epoll'];
  return slotKinds;
}

/** A descriptor for the parameter `param`. */
export function descriptorFor(random: Random, call: CallDescription, param: string): number | Load {
  const { name, family } = call;
  if (family === 'path' && random.chance(60)) return random.pick([3, 4, 4, 5]);
  if (random.chance(75)) return { load: slot(random, kindsFor(call, param)) };
  return param === 'to' || name === 'fd_close' ? dispensable(random) : descriptor(random);
}

/** The kind of descriptor that a call makes. */
function kindOf(name: string, random: Random): SlotKind {
  switch (name) {
    case 'fd_pipe':
      return 'pipe';
    case 'fd_event':
      return 'event';
    case 'epoll_create':
      return 'epoll';
    case 'sock_pair':
      return 'pair';
    case 'sock_open':
    case 'sock_accept':
    case 'sock_accept_v2':
      return 'socket';
    case 'path_open':
    case 'path_open2':
      return random.pick(['file', 'directory']);
    default:
      return 'copy';
  }
}

/** Where a call is to write the descriptor that it makes. */
export function slotFor(random: Random, { name }: CallDescription): number {
  return slot(random, [kindOf(name, random)]);
}
