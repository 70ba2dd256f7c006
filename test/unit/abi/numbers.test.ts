import { describe, expect, test } from 'vitest';
import { EpollCtl, EpollCtlLinux, EpollType } from '../../../src/abi/epoll.js';
import { FileType } from '../../../src/abi/filetype.js';
import * as flags from '../../../src/abi/flags.js';
import { RIGHTS_ALL, RIGHTS_ALL_HIGH, RIGHTS_ALL_LOW, RightBit, Rights } from '../../../src/abi/rights.js';
import { isSignal, Signal, signalName } from '../../../src/abi/signal.js';
import { SocketOption, SocketProtocol } from '../../../src/abi/socket.js';
import { Whence, WhenceSnapshot0 } from '../../../src/abi/whence.js';

describe('rights', () => {
  test('bits 0 to 38 each have one name', () => {
    expect(Object.values(RightBit)).toEqual(Array.from({ length: 39 }, (_, i) => i));
  });

  test('the 64-bit words and the bit indexes say the same', () => {
    for (const [name, bit] of Object.entries(RightBit)) {
      expect(Rights[name as keyof typeof Rights], name).toBe(1n << BigInt(bit));
    }
  });

  test('RIGHTS_ALL is the union of all rights, also as two words', () => {
    expect(RIGHTS_ALL).toBe(Object.values(Rights).reduce((all, right) => all | right, 0n));
    expect((BigInt(RIGHTS_ALL_HIGH) << 32n) | BigInt(RIGHTS_ALL_LOW)).toBe(RIGHTS_ALL);
  });

  test('the rights that decide most calls have the bits of the ABI', () => {
    expect(RightBit).toMatchObject({
      FD_READ: 1,
      FD_WRITE: 6,
      PATH_OPEN: 13,
      FD_READDIR: 14,
      POLL_FD_READWRITE: 27,
      SOCK_ACCEPT: 29,
      SOCK_SEND_TO: 38,
    });
  });
});

describe('flags', () => {
  test.each(Object.entries(flags))('%s has one distinct bit per name', (_, values) => {
    const bits = Object.values(values);
    expect(bits.every((bit) => bit > 0 && (bit & (bit - 1)) === 0)).toBe(true);
    expect(new Set(bits).size).toBe(bits.length);
  });

  test('flag words have the values of the ABI', () => {
    expect(flags.FdFlags).toEqual({ APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16 });
    expect(flags.OFlags).toEqual({ CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8 });
    expect(flags.FstFlags).toEqual({ ATIM: 1, ATIM_NOW: 2, MTIM: 4, MTIM_NOW: 8 });
    expect(flags.RiFlags).toEqual({ PEEK: 1, WAITALL: 2, DATA_TRUNCATED: 4, DONT_WAIT: 8 });
    expect(flags.JoinFlags).toEqual({ NON_BLOCKING: 1, WAKE_STOPPED: 2 });
  });

  test('epoll bits are those of WASIX and not those of Linux', () => {
    expect(EpollType).toEqual({ IN: 1, OUT: 2, RDHUP: 4, PRI: 8, ERR: 16, HUP: 32, ET: 64, ONESHOT: 128 });
  });
});

describe('enumerations', () => {
  test('whence is ordered differently in wasi_unstable', () => {
    expect(Whence).toEqual({ SET: 0, CUR: 1, END: 2 });
    expect(WhenceSnapshot0).toEqual({ CUR: 0, END: 1, SET: 2 });
  });

  test('both numberings of epoll_ctl are known', () => {
    expect(EpollCtl).toEqual({ ADD: 0, MOD: 1, DEL: 2 });
    expect(EpollCtlLinux).toEqual({ ADD: 1, DEL: 2, MOD: 3 });
  });

  test('file types, socket options and protocols end where the ABI ends', () => {
    expect(FileType).toMatchObject({ UNKNOWN: 0, DIRECTORY: 3, REGULAR_FILE: 4, SOCKET_SEQPACKET: 9 });
    expect(Object.values(SocketOption)).toEqual(Array.from({ length: 27 }, (_, i) => i));
    expect(SocketProtocol).toMatchObject({ TCP: 6, UDP: 17, MPTCP: 262 });
  });
});

describe('signals', () => {
  test('are numbered 0 to 31 as on Linux', () => {
    expect(Object.values(Signal)).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(Signal).toMatchObject({
      HUP: 1,
      INT: 2,
      KILL: 9,
      SEGV: 11,
      PIPE: 13,
      TERM: 15,
      STKFLT: 16,
      CHLD: 17,
    });
  });

  test('have C names', () => {
    expect(signalName(2)).toBe('SIGINT');
    expect(signalName(31)).toBe('SIGSYS');
    expect(signalName(0)).toBe('signal 0');
    expect(signalName(77)).toBe('signal 77');
  });

  test('only 1 to 31 can be sent', () => {
    expect([-1, 0, 32, 1.5].map(isSignal)).toEqual([false, false, false, false]);
    expect([1, 31].map(isSignal)).toEqual([true, true]);
  });
});
