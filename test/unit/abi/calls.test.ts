import { describe, expect, test } from 'vitest';
import { type CallArguments, type CallDescription, wasmSignature, wasmType } from '../../../src/abi/call.js';
import { fdCalls } from '../../../src/abi/calls/fd.js';
import { allCalls, type CallFunctions, namespaces } from '../../../src/abi/namespaces.js';
import { entries, preview1Table, wasixAliasTable, wasixTable } from './signature-tables.js';

const calls = allCalls();

function signatures(imports: Readonly<Record<string, CallDescription>>): Record<string, string> {
  return Object.fromEntries(Object.entries(imports).map(([name, call]) => [name, wasmSignature(call)]));
}

describe('signatures', () => {
  test('wasi_snapshot_preview1 is the preview1 table and thread-spawn, nothing else', () => {
    expect(signatures(namespaces.wasi_snapshot_preview1)).toEqual({
      ...Object.fromEntries(entries(preview1Table)),
      'thread-spawn': '(i)→i',
    });
  });

  test('wasix_32v1 is the preview1 table, the extras and the aliases, nothing else', () => {
    const table = [...entries(preview1Table), ...entries(wasixTable), ...entries(wasixAliasTable)];
    expect(signatures(namespaces.wasix_32v1)).toEqual(Object.fromEntries(table));
  });

  test('wasi_unstable has the wasm types of preview1, without sock_accept', () => {
    const { sock_accept, ...rest } = signatures(namespaces.wasi_snapshot_preview1);
    expect(sock_accept).toBe('(iii)→i');
    expect(signatures(namespaces.wasi_unstable)).toEqual(rest);
  });

  test('wasi has thread-spawn alone', () => {
    expect(signatures(namespaces.wasi)).toEqual({ 'thread-spawn': '(i)→i' });
  });

  test('the proc_join of 2022 has two parameters', () => {
    expect(wasmSignature(calls.proc_join_2022)).toBe('(ii)→i');
  });

  test('a call without a result has no wasm result', () => {
    expect(wasmType(calls.proc_exit)).toEqual({ params: ['i32'], results: [] });
    expect(wasmType(calls.callback_signal)).toEqual({ params: ['i32', 'i32'], results: [] });
  });

  test('argument types follow the wasm types', () => {
    const args: CallArguments<typeof fdCalls.fd_seek.params> = [3, -1n, 2, 1024];
    const kinds = args.map((arg) => (typeof arg === 'bigint' ? 'i64' : 'i32'));
    expect(kinds).toEqual(wasmType(fdCalls.fd_seek).params);
  });

  test('a handler of the wrong type does not compile', () => {
    const handlers = {
      fd_tell: (fd: number, pos: number) => fd + pos,
      proc_spawn2: (...args) => args.length,
      // @ts-expect-error the offset is an i64, which arrives as a bigint
      fd_filestat_set_size: (_fd: number, size: number) => size,
    } satisfies Partial<CallFunctions>;
    expect(Object.keys(handlers).every((name) => name in calls)).toBe(true);
  });
});

describe('descriptions', () => {
  test('the name of a call is its key', () => {
    for (const [key, call] of Object.entries(calls)) {
      expect(call.name).toBe(key);
    }
  });

  test('parameter names within a call are distinct', () => {
    for (const call of Object.values<CallDescription>(calls)) {
      const names = call.params.map(([name]) => name);
      expect(new Set(names).size, call.name).toBe(names.length);
    }
  });

  test('only thread-spawn answers with a thread id', () => {
    const names = Object.values<CallDescription>(calls).filter((call) => call.result === 'tid');
    expect(names.map((call) => call.name)).toEqual(['thread-spawn']);
  });
});
