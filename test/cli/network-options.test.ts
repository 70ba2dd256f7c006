import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { fixture, wasixRun } from './wasix-run.js';

/** As the command loads it: the sources lack the version, which the build puts in. */
const { parseCommandLine } = createRequire(import.meta.url)(
  '../../dist/cli-parser.cjs',
) as typeof import('../../src/cli/parser.js');

/** What the options grant, and what is left for the program. */
function read(...argv: readonly string[]) {
  const request = parseCommandLine(argv);
  if (request.kind !== 'run') throw new Error(`a request to ${request.kind}`);
  const { net } = request.options;
  return { net, module: request.module, args: request.args };
}

describe('--net and --listen-on', () => {
  it('take their values after =, so that --net alone does not swallow the module', () => {
    expect(read('--net', 'a.wasm', 'x')).toEqual({ net: true, module: 'a.wasm', args: ['x'] });
    expect(read('--net=10.0.0.1:80,host', 'a.wasm').net).toEqual({
      connect: ['10.0.0.1:80', 'host'],
      listen: [],
    });
    expect(read('--net=loopback', 'a.wasm').net).toEqual({ connect: ['loopback'], listen: ['loopback'] });
    expect(read('--listen-on', '127.0.0.1:80', '--listen-on=[::1]', 'a.wasm').net).toEqual({
      connect: [],
      listen: ['127.0.0.1:80', '[::1]'],
    });
    expect(read('--stats', 'a.wasm').net).toBeUndefined();
  });

  it('are left to the program after the module, and to other options as their values', () => {
    expect(read('--stats', 'a.wasm', '--net', 'b')).toEqual({
      net: undefined,
      module: 'a.wasm',
      args: ['--net', 'b'],
    });
    expect(read('--entry', '--net', 'a.wasm', '--net')).toEqual({
      net: undefined,
      module: 'a.wasm',
      args: ['--net'],
    });
    expect(read('--net', '--', 'a.wasm', '--net')).toEqual({ net: true, module: 'a.wasm', args: ['--net'] });
  });

  it.each([
    ['--net=host:0', '"0" is no port'],
    ['--net=a,,b', '"" is no address or name'],
    ['--net=1.2.3', '"1.2.3" is no address or name'],
    ['--listen-on=example.org', 'a name, not an address'],
  ])('refuse %s', async (option, problem) => {
    const { status, stderr } = await wasixRun([option, fixture('programs/hello')]);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });
});
