import { describe, expect, test } from 'vitest';
import type { Layout } from '../../../src/abi/layout.js';
import * as structs from '../../../src/abi/structs.js';

type StructName = Exclude<keyof typeof structs, 'ADDR_PORT_IP_SIZE'>;

/** Size and alignment as ABI §3.6 to §3.11 and §1.1 give them. */
const sizes: Record<StructName, readonly [size: number, align: number]> = {
  iovec: [8, 4],
  fdstat: [24, 8],
  filestat: [64, 8],
  filestatSnapshot0: [56, 8],
  prestat: [8, 4],
  dirent: [24, 8],
  subscription: [48, 8],
  subscriptionSnapshot0: [56, 8],
  event: [32, 8],
  epollEvent: [32, 8],
  optionTimestamp: [16, 8],
  optionFd: [8, 4],
  optionPid: [8, 4],
  hash: [16, 8],
  optionHash: [24, 8],
  threadStart: [64, 4],
  stackSnapshot: [24, 8],
  threadState: [112, 4],
  asyncifyData: [8, 4],
  processHandles: [28, 4],
  joinStatus: [6, 2],
  signalDisposition: [2, 1],
  spawnFdOp: [56, 8],
  addrPort: [110, 2],
  addr: [110, 2],
  addrIp: [18, 2],
  ip4: [4, 1],
  ip6: [24, 2],
  cidr: [28, 2],
  cidrPacked: [19, 1],
  route: [176, 8],
  hardwareAddress: [6, 1],
  timeval: [16, 8],
  itimerval: [32, 8],
  tty: [24, 4],
  reflection: [6, 2],
};

const byName: Record<StructName, Layout<string>> = { ...structs };

describe('struct sizes', () => {
  test.each(Object.entries(sizes))('%s', (name, [size, align]) => {
    const struct = byName[name as StructName];
    expect([struct.size, struct.align]).toEqual([size, align]);
  });

  test('every struct is covered', () => {
    const all = Object.keys(structs).filter((name) => name !== 'ADDR_PORT_IP_SIZE');
    expect(Object.keys(sizes).sort()).toEqual(all.sort());
  });
});

describe('struct offsets', () => {
  test('files', () => {
    expect(structs.iovec.at).toEqual({ buf: 0, len: 4 });
    expect(structs.fdstat.at).toEqual({ filetype: 0, flags: 2, rightsBase: 8, rightsInheriting: 16 });
    expect(structs.filestat.at).toEqual({
      dev: 0,
      ino: 8,
      filetype: 16,
      nlink: 24,
      size: 32,
      atim: 40,
      mtim: 48,
      ctim: 56,
    });
    expect(structs.filestatSnapshot0.at).toMatchObject({ nlink: 20, size: 24, atim: 32, mtim: 40, ctim: 48 });
    expect(structs.prestat.at).toEqual({ tag: 0, nameLen: 4 });
    expect(structs.dirent.at).toEqual({ next: 0, ino: 8, nameLen: 16, filetype: 20 });
  });

  test('poll and epoll', () => {
    expect(structs.subscription.at).toEqual({
      userdata: 0,
      tag: 8,
      clockId: 16,
      timeout: 24,
      precision: 32,
      clockFlags: 40,
      fd: 16,
    });
    expect(structs.subscriptionSnapshot0.at).toEqual({
      userdata: 0,
      tag: 8,
      identifier: 16,
      clockId: 24,
      timeout: 32,
      precision: 40,
      clockFlags: 48,
      fd: 16,
    });
    expect(structs.event.at).toEqual({ userdata: 0, error: 8, type: 10, nbytes: 16, flags: 24 });
    expect(structs.epollEvent.at).toEqual({ events: 0, ptr: 8, fd: 12, data1: 16, data2: 24 });
  });

  test('threads', () => {
    expect(structs.threadStart.at).toEqual({
      stack: 0,
      tlsBase: 4,
      startFunc: 8,
      startArg: 12,
      self: 16,
      reserved: 20,
      stackSize: 56,
      guardSize: 60,
    });
    expect(structs.optionTimestamp.at).toEqual({ tag: 0, value: 8 });
    expect(structs.stackSnapshot.at).toEqual({ user: 0, hash: 8 });
    expect(structs.threadState.at).toMatchObject({
      tid: 24,
      cancelDisable: 40,
      cancelAsync: 41,
      flags: 42,
      mapBase: 44,
      stack: 52,
      result: 64,
      robustHead: 76,
      hErrno: 88,
      stdioLocks: 108,
    });
  });

  test('processes', () => {
    expect(structs.processHandles.at).toEqual({ pid: 0, stdin: 4, stdout: 12, stderr: 20 });
    expect(structs.joinStatus.at).toEqual({ tag: 0, code: 2, signal: 4, stopSignal: 2 });
    expect(structs.signalDisposition.at).toEqual({ signal: 0, disposition: 1 });
    expect(structs.spawnFdOp.at).toEqual({
      cmd: 0,
      fd: 4,
      srcFd: 8,
      path: 12,
      pathLen: 16,
      dirflags: 20,
      oflags: 24,
      rightsBase: 32,
      rightsInheriting: 40,
      fdflags: 48,
      fdflagsext: 50,
    });
  });

  test('network', () => {
    expect(structs.addrPort.at).toEqual({
      family: 0,
      port: 2,
      octets: 4,
      flowInfo1: 20,
      flowInfo0: 22,
      scopeId1: 24,
      scopeId0: 26,
      path: 2,
    });
    expect(structs.ADDR_PORT_IP_SIZE).toBe(structs.addrPort.at.octets + 16);
    expect(structs.addr.at.octets).toBe(2);
    expect(structs.addrIp.at).toEqual({ family: 0, octets: 2 });
    expect(structs.cidr.at).toEqual({ family: 0, octets: 2, prefix4: 6, prefix6: 26 });
    expect(structs.cidrPacked.at).toEqual({ family: 0, octets: 1, prefix4: 5, prefix6: 17 });
    expect(structs.route.at).toEqual({ cidr: 0, viaRouter: 28, preferredUntil: 144, expiresAt: 160 });
  });

  test('terminal and reflection', () => {
    expect(structs.tty.at).toMatchObject({
      rows: 4,
      height: 12,
      stdinTty: 16,
      echo: 19,
      lineBuffered: 20,
      lineFeeds: 21,
    });
    expect(structs.reflection.at).toEqual({ cacheable: 0, arguments: 2, results: 4 });
  });
});
