import { encodedModule, encodedName, encodedSection, vector } from './writer.js';

/*
 * (memory 1 1 shared)
 * (func (export "probe") (param $addr i32) (param $expected i32) (param $timeout i64) (result i32)
 *   (drop (memory.atomic.wait32 (local.get $addr) (local.get $expected) (local.get $timeout)))
 *   (i32.add (local.get $addr) (i32.add (local.get $expected) (i32.wrap_i64 (local.get $timeout)))))
 */
function probeModule(): Uint8Array<ArrayBuffer> {
  const wait = [0x20, 0, 0x20, 1, 0x20, 2, 0xfe, 0x01, 2, 0, 0x1a];
  const sum = [0x20, 0, 0x20, 1, 0x20, 2, 0xa7, 0x6a, 0x6a];
  const body = [0, ...wait, ...sum, 0x0b];
  return encodedModule([
    encodedSection(1, vector([[0x60, 3, 0x7f, 0x7f, 0x7e, 1, 0x7f]])),
    encodedSection(3, vector([[0]])),
    encodedSection(5, vector([[3, 1, 1]])),
    encodedSection(7, vector([[...encodedName('probe'), 0, 0]])),
    encodedSection(10, vector([[body.length, ...body]])),
  ]);
}

/**
 * Whether this engine, with the flags it has now, miscompiles atomic waits: after one, locals of the function may
 * read 0 (V8 11.3, Node 20, baseline compiler). Waits for a value the word does not hold, so that it returns at
 * once; takes a fraction of a millisecond.
 *
 * Ask once, before anything changes the engine's flags: the engine may keep the compiled probe and with it the answer.
 */
export function atomicWaitIsMiscompiled(): boolean {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(probeModule()));
  const probe = instance.exports.probe as (addr: number, expected: number, timeout: bigint) => number;
  return probe(8, 16, 1000n) !== 8 + 16 + 1000;
}
