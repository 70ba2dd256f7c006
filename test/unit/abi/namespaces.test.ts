import { describe, expect, test } from 'vitest';
import { allCalls, findCall, namespaces } from '../../../src/abi/namespaces.js';
import { entries, preview1Table, wasixTable } from './signature-tables.js';

const calls = allCalls();

describe('namespaces', () => {
  test('have the counts of the ABI', () => {
    expect(entries(preview1Table)).toHaveLength(46);
    expect(entries(wasixTable)).toHaveLength(91);
    expect(Object.keys(namespaces.wasi_snapshot_preview1)).toHaveLength(46 + 1);
    expect(Object.keys(namespaces.wasi_unstable)).toHaveLength(46 - 1 + 1);
    expect(Object.keys(namespaces.wasix_32v1)).toHaveLength(46 + 91 + 1 + 4);
    expect(Object.keys(namespaces.wasi)).toEqual(['thread-spawn']);
  });

  test('hold only calls that are listed by their own name', () => {
    const known = new Set<unknown>(Object.values(calls));
    for (const imports of Object.values(namespaces)) {
      expect(Object.values(imports).every((call) => known.has(call))).toBe(true);
    }
  });

  test('every listed call can be imported from somewhere', () => {
    const imported = new Set<unknown>(Object.values(namespaces).flatMap((imports) => Object.values(imports)));
    const unreachable = Object.values(calls).filter((call) => !imported.has(call));
    expect(unreachable).toEqual([calls.proc_join_2022]);
  });

  test('sock_accept means another call in wasix_32v1', () => {
    expect(namespaces.wasi_snapshot_preview1.sock_accept).toBe(calls.sock_accept);
    expect(namespaces.wasix_32v1.sock_accept).toBe(calls.sock_accept_v2);
  });

  test('thread_spawn and thread_spawn_v2 are one call', () => {
    expect(namespaces.wasix_32v1.thread_spawn).toBe(namespaces.wasix_32v1.thread_spawn_v2);
  });

  test('wasi_unstable has its own seek, stat and poll', () => {
    expect(namespaces.wasi_unstable.fd_seek).toBe(calls.fd_seek_snapshot0);
    expect(namespaces.wasi_unstable.fd_filestat_get).toBe(calls.fd_filestat_get_snapshot0);
    expect(namespaces.wasi_unstable.path_filestat_get).toBe(calls.path_filestat_get_snapshot0);
    expect(namespaces.wasi_unstable.poll_oneoff).toBe(calls.poll_oneoff_snapshot0);
    expect(namespaces.wasi_unstable.fd_write).toBe(calls.fd_write);
  });
});

describe('findCall', () => {
  test('finds a call by namespace and import name', () => {
    expect(findCall('wasi', 'thread-spawn')).toBe(calls['thread-spawn']);
    expect(findCall('wasi_unstable', 'fd_seek')).toBe(calls.fd_seek_snapshot0);
  });

  test('tells the two proc_join apart by their parameters', () => {
    expect(findCall('wasix_32v1', 'proc_join', 3)).toBe(calls.proc_join);
    expect(findCall('wasix_32v1', 'proc_join', 2)).toBe(calls.proc_join_2022);
    expect(findCall('wasix_32v1', 'proc_join')).toBe(calls.proc_join);
  });

  test('knows nothing of other names, inherited properties included', () => {
    expect(findCall('env', 'memory')).toBeUndefined();
    expect(findCall('wasi_snapshot_preview1', 'fd_dup')).toBeUndefined();
    expect(findCall('wasix_32v1', 'toString')).toBeUndefined();
    expect(findCall('constructor', 'name')).toBeUndefined();
  });
});
