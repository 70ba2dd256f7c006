import { expect, it } from 'vitest';
import { makeWaitFunctions } from '../../../../src/runtime/binary/host-wait.js';
import { reportOf } from '../../../../src/runtime/thread/end-report.js';

it('the frames of a report are the guest’s, not those by which the host does its waits', () => {
  const trap = (): never => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  const wait32 = makeWaitFunctions(trap, trap).wait32 as (...operands: unknown[]) => number;
  let caught: unknown;
  try {
    wait32(0, 0, 0n);
  } catch (error) {
    caught = error;
  }
  expect((caught as Error).stack).toContain('wasm://');
  expect(reportOf(caught, 1, '_start')).toMatchObject({ message: 'unreachable', stack: '' });
});
