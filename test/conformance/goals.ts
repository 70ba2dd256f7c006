/** What the cases are to show of each call: that it works, each documented errno, and use by several threads at once. */
import type { CallDescription } from '../../src/abi/call.js';
import { allCalls, type CallName } from '../../src/abi/namespaces.js';
import { paramType } from '../../src/abi/param-types.js';
import { isSupported } from '../../src/syscalls/registry.js';
import { documentedErrnos, type ErrnoName } from './documented-errnos.js';
import { excuses } from './excuses.js';

const calls = allCalls();

/** What a case can show of a call: an errno's name, SUCCESS among them, or that several threads made it at once. */
export type Sight = ErrnoName | 'AT_ONCE';

export interface Goals {
  readonly name: CallName;
  readonly family: string;
  readonly wanted: readonly Sight[];
  /** Why no case can show it, for some of what is wanted. */
  readonly excused: Readonly<Partial<Record<Sight, string>>>;
}

/** Parameters that are addresses for the guest alone, which the host does not read. */
const opaque: ReadonlySet<CallName> = new Set(['thread-spawn', 'thread_spawn_v2']);

function genericErrnos(call: CallDescription): ErrnoName[] {
  const types = call.params.map(([, type]) => ({ name: type, ...paramType(type) }));
  const hasPointer = types.some(({ form }) => !['unsigned', 'signed', 'enum', 'flags'].includes(form));
  const hasDescriptor = types.some(({ name }) => name === 'fd');
  const fault: ErrnoName[] = hasPointer && !opaque.has(call.name as CallName) ? ['FAULT'] : [];
  return hasDescriptor ? [...fault, 'BADF'] : fault;
}

function wantedOf(call: CallDescription, name: CallName): Sight[] {
  const errnos = call.result === 'errno' ? genericErrnos(call) : [];
  return [...new Set<Sight>(['SUCCESS', ...[...errnos, ...documentedErrnos[name]].sort(), 'AT_ONCE'])];
}

function goalsOf(name: CallName): Goals {
  const call: CallDescription = calls[name];
  const wanted = wantedOf(call, name);
  return { name, family: call.family, wanted, excused: excuses[name] ?? {} };
}

/** The goals for every call that is implemented, in the order of the descriptions. */
export const goals: readonly Goals[] = (Object.keys(calls) as CallName[]).filter(isSupported).map(goalsOf);
