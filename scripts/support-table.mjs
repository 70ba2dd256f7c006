// Writes docs/support.md, the table of all guest calls, from the descriptions in src/abi and the registry of handlers:
//   node scripts/support-table.mjs           writes the file
//   node scripts/support-table.mjs --print   prints what it would write
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSources, root } from './load-sources.mjs';

/** Loads the sources that describe the calls. */
function loadDescriptions() {
  return loadSources(`
    export { wasmSignature } from './src/abi/call.ts';
    import { allCalls } from './src/abi/namespaces.ts';
    export const calls = allCalls();
    export { namespaces } from './src/abi/namespaces.ts';
    export { isSupported } from './src/syscalls/registry.ts';`);
}

const titles = {
  args: 'Arguments',
  environ: 'Environment',
  clock: 'Clocks',
  random: 'Random numbers',
  sched: 'Scheduling',
  fd: 'Descriptors',
  path: 'Paths',
  poll: 'Polling',
  epoll: 'Epoll',
  thread: 'Threads',
  futex: 'Futexes',
  proc: 'Processes',
  signal: 'Signals',
  sock: 'Sockets',
  port: 'Network interfaces',
  tty: 'Terminal',
  dl: 'Dynamic linking',
  'dynamic-call': 'Dynamic calls and closures',
  context: 'Contexts (coroutines)',
  stack: 'Stack switching (setjmp)',
};

/** What a call that is there does less than its name promises. */
const remarks = {
  port_addr_list: 'the addresses that the program may listen on; NOTSUP where there are none',
  ...Object.fromEntries(
    [
      'port_addr_add',
      'port_addr_clear',
      'port_addr_remove',
      'port_bridge',
      'port_dhcp_acquire',
      'port_gateway_set',
      'port_mac',
      'port_route_add',
      'port_route_clear',
      'port_route_list',
      'port_route_remove',
      'port_unbridge',
    ].map((name) => [name, 'answers NOTSUP: there is no network interface of the program alone']),
  ),
  proc_parent: 'knows the calling process only',
  proc_signal: 'to the calling process only',
  fd_allocate:
    'reserves no space; what makes the file longer just then may be cut off ([threads.md](threads.md#limits))',
  proc_snapshot: 'answers success and keeps nothing: there is no journal',
  sched_yield: 'answers success: guest threads are threads of the operating system',
  sock_accept: 'no descriptor is a socket yet: NOTSOCK or BADF',
  sock_recv: 'no descriptor is a socket yet: NOTSOCK or BADF',
  sock_send: 'no descriptor is a socket yet: NOTSOCK or BADF',
  sock_shutdown: 'no descriptor is a socket yet: NOTSOCK or BADF',
};

/** The import names of each call, by namespace: `{ poll_oneoff: { wasi_snapshot_preview1: ['poll_oneoff'], … } }`. */
function importNames(namespaces) {
  const found = {};
  for (const [namespace, entries] of Object.entries(namespaces)) {
    for (const [name, call] of Object.entries(entries)) {
      found[call.name] ??= {};
      found[call.name][namespace] ??= [];
      found[call.name][namespace].push(name);
    }
  }
  return found;
}

const shortNames = {
  wasi_snapshot_preview1: 'preview1',
  wasi_unstable: 'unstable',
  wasix_32v1: 'WASIX',
  wasi: 'wasi',
};

function importedFrom(call, names) {
  const places = Object.entries(names[call.name] ?? {});
  // The variant with two parameters shares its name with today's (namespaces.ts, findCall).
  if (places.length === 0) return 'WASIX, with 2 parameters';
  return places.map(([namespace]) => shortNames[namespace]).join(', ');
}

/** The name in import sections; the call's own name follows where it differs. */
function nameOf(call, names) {
  const imported = [...new Set(Object.values(names[call.name] ?? {}).flat())];
  const shown = imported.length > 0 ? imported : [call.name.replace(/_2022$/, '')];
  return shown.map((name) => `\`${name}\``).join(', ');
}

function statusOf(call, supported) {
  if (supported) return 'supported';
  return call.result === 'errno' || call.result === 'tid' ? 'answers NOSYS' : 'ends the program';
}

function familyTable(family, { calls, namespaces, isSupported, wasmSignature }) {
  const names = importNames(namespaces);
  const rows = Object.values(calls)
    .filter((call) => call.family === family)
    .map((call) => {
      const supported = isSupported(call.name);
      const remark = (supported && remarks[call.name]) || '';
      return [
        nameOf(call, names),
        wasmSignature(call),
        importedFrom(call, names),
        statusOf(call, supported),
        remark,
      ];
    });
  const done = rows.filter(([, , , status]) => status === 'supported').length;
  return [
    `## ${titles[family]} (${done} of ${rows.length})`,
    '',
    '| Call | Type | Imported from | Status | Remark |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`.replace(/ {2,}/g, ' ')),
    '',
  ];
}

function namespaceTable({ namespaces, isSupported }) {
  const rows = Object.entries(namespaces).map(([namespace, entries]) => {
    const all = Object.values(entries);
    const done = all.filter((call) => isSupported(call.name)).length;
    return `| \`${namespace}\` | ${all.length} | ${done} |`;
  });
  return ['| Import module | Calls | Supported |', '| --- | ---: | ---: |', ...rows];
}

function support(described) {
  const unknown = Object.keys(remarks).filter((name) => !described.isSupported(name));
  if (unknown.length > 0) throw new Error(`remarks on calls that are not supported: ${unknown.join(', ')}`);
  const families = [...new Set(Object.values(described.calls).map(({ family }) => family))];
  return [
    '# Guest calls',
    '',
    '<!-- Written by scripts/support-table.mjs. Do not edit; run it again. -->',
    '',
    'Every function that a program may import, and what becomes of a call. A program that imports a call which is not',
    'supported is loaded all the same: the call answers NOSYS, or, where it has no result to answer with, ends the program',
    'by a trap after naming itself on stderr. A program that imports anything which is not in this table is refused at',
    'load. `wasix-run inspect module.wasm` tells which of these calls a program imports.',
    '',
    ...namespaceTable(described),
    '',
    '"unstable" is `wasi_unstable`, the layout of 2019; "preview1" is `wasi_snapshot_preview1`; "WASIX" is `wasix_32v1`.',
    'Types list the parameters, `i` for i32 and `I` for i64, and the result.',
    '',
    ...families.flatMap((family) => familyTable(family, described)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

const text = support(await loadDescriptions());
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(join(root, 'docs/support.md'), text);
