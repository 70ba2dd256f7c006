import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/cli/parser.js';
import { startNameServer } from '../net/name-server.js';
import { fixture, wasixRun } from './wasix-run.js';

/** What the options grant, and what is left for the program. */
function read(...argv: readonly string[]) {
  const request = parseCommandLine(argv);
  if (request.kind !== 'run') throw new Error(`a request to ${request.kind}`);
  const { net } = request.options;
  return { net, module: request.module, args: request.args };
}

describe('--net, --listen-on and --dns', () => {
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
    expect(read('--net=host', '--dns', '192.0.2.1,[::1]:5353', 'a.wasm').net).toEqual({
      connect: ['host'],
      listen: [],
      dns: ['192.0.2.1', '[::1]:5353'],
    });
    expect(read('--net', '--dns=192.0.2.1', 'a.wasm').net).toEqual({
      connect: ['*'],
      listen: ['*'],
      dns: ['192.0.2.1'],
    });
    expect(read('--dns', '192.0.2.1', 'a.wasm').net).toBeUndefined();
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
    ['--dns=ns.example.org', '"ns.example.org" is no address of a name server'],
  ])('refuse %s', async (option, problem) => {
    const { status, stderr } = await wasixRun([option, fixture('programs/hello')]);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });
});

it('--dns names who is asked, and a refusal is told in one line', async () => {
  const server = await startNameServer({ 'a.test': ['192.0.2.1'] });
  const args = ['resolve', 'a.test', 'resolve', 'b.test', 'resolve', 'c.test'];
  const options = ['--net=a.test', `--dns=${server.address}`];
  const { stdout, stderr } = await wasixRun([...options, fixture('wasix/resolve-peer'), ...args]);
  server.close();
  expect(stdout).toBe('a.test 192.0.2.1\nb.test errno 2\nc.test errno 2\n');
  expect(stderr).toBe('wasix-run: the program may not resolve b.test: --net=b.test allows it\n');
});
