import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { atomicWaitIsMiscompiled } from '../../../../src/runtime/binary/wait-probe.js';
import { exportEntry, functionType, i32, i64, moduleOf, waitOnParameters } from './encode.js';

/** An independent look: the time limit as a function that waited with it sees it afterwards. */
function timeoutAfterWait(): bigint {
  const bytes = moduleOf({
    types: [functionType([i32, i32, i64], [i64])],
    memories: [[3, 1, 1]],
    functions: [0],
    exports: [exportEntry('f', 0, 0)],
    bodies: [[0, ...waitOnParameters(1, 0), 0x1a, 0x20, 2, 0x0b]],
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return (exports.f as (addr: number, expected: number, timeout: bigint) => bigint)(0, 77, 1000n);
}

/** The probe's answer in a process of its own, where no module was compiled before. */
function answerInNewProcess(...flags: string[]): string {
  const entry = fileURLToPath(new URL('../../../../src/runtime/binary/wait-probe.ts', import.meta.url));
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, write: false, format: 'cjs' });
  const program = `${outputFiles[0]!.text}\nprocess.stdout.write(String(module.exports.atomicWaitIsMiscompiled()));`;
  return execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
}

describe('the probe for miscompiled atomic waits', () => {
  it('says what a function that waits finds in its locals', () => {
    expect(atomicWaitIsMiscompiled()).toBe(timeoutAfterWait() !== 1000n);
  });

  it('says that V8 11.3 miscompiles and that others do not', () => {
    expect(atomicWaitIsMiscompiled()).toBe(process.versions.v8.startsWith('11.3.'));
  });

  it('says that code is right without the baseline compiler', () => {
    expect(answerInNewProcess()).toBe(String(atomicWaitIsMiscompiled()));
    expect(answerInNewProcess('--no-liftoff')).toBe('false');
  });
});
