import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { errnoOfHostError } from '../../../../src/kernel/files/host-error.js';

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('host errors', () => {
  it('of files have the errno of their name', () => {
    const names =
      'NOENT ACCES PERM EXIST NOTDIR ISDIR NOTEMPTY LOOP XDEV ROFS NOSPC DQUOT MFILE NFILE INVAL NAMETOOLONG PIPE ' +
      'AGAIN IO BUSY TXTBSY FBIG SPIPE BADF MLINK NXIO NODEV NOTSUP NOMEM OVERFLOW INTR STALE';
    for (const name of names.split(' ') as (keyof typeof Errno)[]) {
      expect(errnoOfHostError(withCode(`E${name}`)), name).toBe(Errno[name]);
    }
    expect(errnoOfHostError(withCode('EOPNOTSUPP'))).toBe(Errno.NOTSUP);
    expect(errnoOfHostError(withCode('E2BIG'))).toBe(Errno.TOOBIG);
    expect(errnoOfHostError(withCode('EWOULDBLOCK'))).toBe(Errno.AGAIN);
  });

  it('are all mapped, but those of name look-ups', () => {
    const codes = [...getSystemErrorMap().values()].map(([code]) => code);
    const left = codes.filter(
      (code) => !code.startsWith('EAI_') && errnoOfHostError(withCode(code)) === undefined,
    );
    expect(left.sort()).toEqual(
      ['EHOSTDOWN', 'ENONET', 'ESOCKTNOSUPPORT', 'EUNATCH'].filter((code) => codes.includes(code)),
    );
  });

  it('are told from faults of the program', () => {
    expect(errnoOfHostError(new TypeError('x'))).toBeUndefined();
    expect(errnoOfHostError(withCode('ERR_INVALID_ARG_TYPE'))).toBeUndefined();
    expect(errnoOfHostError({ code: 'ENOENT' })).toBeUndefined();
    expect(errnoOfHostError(undefined)).toBeUndefined();
    expect(errnoOfHostError(withCode('ENOTCAPABLE'))).toBeUndefined();
  });
});
