/** The text of `wasix-run inspect`. */
import type { MemoryType } from '../binary/types.js';
import { importName, printable } from '../import-name.js';
import { asyncifyExports } from './features.js';
import type {
  AbiInspection,
  ImportGroup,
  ImportStatus,
  InspectedImport,
  Inspection,
  MemoryInspection,
  ThreadInspection,
  Verdict,
} from './inspection.js';

/**
 * An inspection as text of several lines, without a final newline.
 *
 * @param name of the module's file, for the first line.
 */
export function formatInspection(inspection: Inspection, name: string): string {
  const { abi, memory, threads, features, imports, verdict } = inspection;
  const facts: [subject: string, text: string][] = [
    ['kind', formatKind(inspection)],
    ['ABI', formatAbi(abi)],
    ['memory', formatMemory(memory)],
    ['threads', formatThreads(threads)],
    ['TLS exports', threads.localStorage.join(', ') || 'none'],
    ['exceptions', features.exceptions ? 'yes' : 'no'],
    ['start section', features.startSection ? "yes, runs in each thread's instance" : 'no'],
    ['asyncify', formatAsyncify(features.asyncify)],
    ['dylink.0', features.dynamicLinking ? 'yes, built for linking at run time' : 'no'],
  ];
  return [
    `${name}:`,
    ...facts.map(([subject, text]) => `  ${subject.padEnd(15)}${text}`),
    '',
    ...formatImports(imports),
    '',
    ...formatVerdict(verdict),
  ].join('\n');
}

function formatKind({ kind, functions }: Inspection): string {
  if (kind === 'command') return 'command, exports _start';
  const entries = functions.length > 0 ? `; functions: ${functions.map(printable).join(', ')}` : '';
  if (kind === 'reactor') return `reactor, exports _initialize${entries}`;
  return `neither command nor reactor: exports neither _start nor _initialize${entries}`;
}

function formatAbi({ name, parts }: AbiInspection): string {
  if (parts.length === 0) return 'none: imports no guest call';
  if (parts.length === 1 && parts[0] === name) return name;
  return `${name}, imports from ${parts.join(', ')}`;
}

function formatMemory(memory: MemoryInspection): string {
  switch (memory.origin) {
    case 'none':
      return 'none';
    case 'imported':
      return `imported as ${importName(memory)}, ${formatLimits(memory.limits)}`;
    case 'defined':
      return `defined${memory.exported ? '' : ', not exported'}, ${formatLimits(memory.limits)}`;
  }
}

function formatLimits({ initial, maximum, shared, memory64 }: MemoryType): string {
  const size = (pages: number) => `${Number((pages / 16).toFixed(2))} MiB`;
  const upTo =
    maximum === undefined
      ? `${initial} pages (${size(initial)}) and more`
      : `${initial} to ${maximum} pages (${size(initial)} to ${size(maximum)})`;
  return `${upTo}, ${shared ? 'shared' : 'not shared'}${memory64 ? ', 64-bit addresses' : ''}`;
}

function formatThreads({ spawnCalls, entry }: ThreadInspection): string {
  const spawning = spawnCalls.length > 0 ? `spawns with ${spawnCalls.join(' and ')}` : 'spawns none';
  switch (entry) {
    case 'present':
      return `${spawning}; exports wasi_thread_start`;
    case 'wrong-type':
      return `${spawning}; exports a wasi_thread_start that is not a function (ii)→–`;
    case 'absent':
      return spawnCalls.length > 0 ? `${spawning}; exports no wasi_thread_start` : spawning;
  }
}

function formatAsyncify(exports: readonly string[]): string {
  if (exports.length === 0) return 'no';
  return exports.length === asyncifyExports.length ? 'yes' : `in part: ${exports.join(', ')}`;
}

const statusText: Readonly<Record<ImportStatus, string>> = {
  supported: 'supported',
  unsupported: 'not yet supported',
  unknown: 'unknown',
  'wrong-signature': 'wrong signature',
  'refused-abi': 'refused',
  'unsupported-kind': 'not provided',
};

function formatImports(groups: readonly ImportGroup[]): string[] {
  const count = groups.reduce((sum, { imports }) => sum + imports.length, 0);
  if (count === 0) return ['imports: none'];
  const width = Math.max(...groups.map(({ family }) => family.length)) + 2;
  return [`imports (${count}):`, ...groups.flatMap((group) => formatGroup(group, width))];
}

/** One line for each status that occurs in the group; the family stands on the first. */
function formatGroup({ family, imports }: ImportGroup, width: number): string[] {
  return (Object.keys(statusText) as ImportStatus[])
    .filter((status) => imports.some((entry) => entry.status === status))
    .map((status, index) => {
      const names = new Set(imports.filter((entry) => entry.status === status).map(shownName));
      const label = (index === 0 ? family : '').padEnd(width);
      return `  ${label}${statusText[status].padEnd(19)}${[...names].join(', ')}`;
    });
}

/** Calls by their bare names, which say enough next to their family. */
function shownName(entry: InspectedImport): string {
  const isCall = entry.status === 'supported' || entry.status === 'unsupported';
  return isCall && entry.kind === 'function' ? printable(entry.name) : importName(entry);
}

function formatVerdict({ status, reasons, limits }: Verdict): string[] {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}`);
  if (status === 'runs') return ['verdict: can run here'];
  if (status === 'runs-in-part') return ['verdict: can run here, but', ...list(limits)];
  return ['verdict: cannot run here, because', ...list(reasons)];
}
