// What the soak runs, 100 programs of every kind in a fixed order: without threads, with threads, with processes and
// pipes, killed, trapped, with a pool of their own. Each says what must come of it.
import { join } from 'node:path';

/** Most workers that three of these programs need at once. */
export const MOST_THREADS = 24;

const exits = (code, stdout) => ({ reason: 'exit', exitCode: code, stdout });

/** Kind → how often it comes among 100, and a function that starts it and answers `[result, expected]`. */
function kinds({ compile, run, ThreadPool }, fixtures, pool) {
  const programs = join(fixtures, 'processes');
  const dirs = [{ host: programs, guest: '/bin', readOnly: true }];
  const compiled = new Map();
  const start = (name, args, options = {}) => {
    if (!compiled.has(name)) compiled.set(name, compile(join(fixtures, `${name}.wasm`)));
    const output = { stdout: 'string', stderr: 'string', onNotice: () => undefined, timeout: 60_000 };
    return run(compiled.get(name), { ...output, pool, args, ...options });
  };
  const processes = (name, args, options = {}) => start(`processes/${name}`, args, { dirs, ...options });
  /** Ends what `begin` starts after some milliseconds, from outside. */
  const killed = async (ms, begin) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ms);
    try {
      return await begin({ signal: abort.signal });
    } finally {
      clearTimeout(timer);
    }
  };
  const onOwnPool = async (name, args) => {
    const own = new ThreadPool({ maxSize: 8, name: 'soak-own' });
    try {
      return await start(name, args, { pool: own });
    } finally {
      await own.shutdownJoin(0);
    }
  };
  const cat = () =>
    start('programs/cat', ['data/hello.txt', '-'], {
      stdin: { text: 'and input\n' },
      dirs: [{ host: join(fixtures, 'preview1/data.dir'), guest: 'data', readOnly: true }],
    });
  const greeting = /^thread 2: hello\nmain 1: joined 2\n$/;
  return {
    hello: [40, () => start('programs/hello', []), exits(0, /^hello, world!\n$/)],
    thread: [23, () => start('threads/hello-thread', []), exits(0, greeting)],
    threads: [6, () => start('programs/hello-threads', ['5']), exits(0, /and 5 threads/)],
    barrier: [4, () => start('threads/barrier', ['6']), exits(0, /^6 threads met, 0 early/)],
    files: [6, cat, exits(0, /and input\n$/)],
    pipes: [5, () => processes('loop', ['2', 'pipes']), exits(0, /^(?!.*FAIL)/s)],
    pipeline: [
      2,
      () => processes('sh', ['-c', 'box.wasm echo hi | box.wasm cat | box.wasm cat']),
      exits(0, /^hi\n$/),
    ],
    forks: [2, () => processes('fork', ['generations']), exits(0, /^(?!.*FAIL)/s)],
    exit: [
      2,
      () => start('ends/ends', ['exit', 'child', 'atomic']),
      { reason: 'exit', stdout: /last words/ },
    ],
    // Its workers are ended with it. Those of the shared pool are to live as long as the soak.
    trap: [
      2,
      () => onOwnPool('ends/ends', ['trap', 'main', 'spin']),
      { reason: 'trap', stdout: /last words/ },
    ],
    killed: [
      3,
      () => killed(5, (by) => start('threads/spawn-join', ['1000000'], by)),
      { reason: 'signal', stdout: /^/ },
    ],
    killedFamily: [
      2,
      () => killed(15, (by) => processes('loop', ['100000', 'exit'], by)),
      { reason: 'signal', stdout: /^/ },
    ],
    timeLimit: [
      1,
      () => processes('box', ['stay', 'join'], { timeout: 30 }),
      { reason: 'timeout', stdout: /^/ },
    ],
    ownPool: [2, () => onOwnPool('threads/hello-thread', []), exits(0, greeting)],
  };
}

function remarkOn(kind, { reason, exitCode, stdout, message }, expected) {
  const right =
    reason === expected.reason &&
    (expected.exitCode === undefined || exitCode === expected.exitCode) &&
    expected.stdout.test(stdout);
  return right
    ? undefined
    : `${kind}: ${reason} ${exitCode} ${message ?? ''} ${JSON.stringify(stdout.slice(0, 200))}`;
}

/**
 * Functions that make one run each, the same 100 in the same order every time; each answers what was wrong, or undefined.
 */
export function soakMix(api, fixtures, pool) {
  const all = Object.entries(kinds(api, fixtures, pool)).flatMap(([kind, [count, begin, expected]]) =>
    Array.from({ length: count }, () => async () => remarkOn(kind, await begin(), expected)),
  );
  // Mixed evenly: 37 has no factor in common with 100.
  return all.map((_, index) => all[(index * 37) % all.length]);
}
