/** Small guest programs, encoded by hand, for what no fixture does. */
import { exportEntry, functionType, i32, i64, importEntry, moduleOf } from '../unit/runtime/binary/encode.js';

const nothing = functionType([], []);
const takesI32 = functionType([i32], []);

/**
 * A reactor: `_initialize` stores 40 in a global, `go` exits with the global + 2, `_start` exits with 1. Its own memory.
 */
export const reactor = moduleOf({
  types: [nothing, takesI32],
  imports: [importEntry('wasi_snapshot_preview1', 'proc_exit', [0, 1])],
  functions: [0, 0],
  memories: [[0, 1]],
  globals: [[i32, 1, 0x41, 0, 0x0b]],
  exports: [exportEntry('memory', 2, 0), exportEntry('_initialize', 0, 1), exportEntry('go', 0, 2)],
  bodies: [
    [0, 0x41, 40, 0x24, 0, 0x0b],
    [0, 0x23, 0, 0x41, 2, 0x6a, 0x10, 0, 0x0b],
  ],
});

/** Exits with what the import `env.answer(7)` answers. */
export const asker = moduleOf({
  types: [nothing, takesI32, functionType([i32], [i32])],
  imports: [importEntry('env', 'answer', [0, 2]), importEntry('wasi_snapshot_preview1', 'proc_exit', [0, 1])],
  functions: [0],
  memories: [[0, 1]],
  exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 2)],
  bodies: [[0, 0x41, 7, 0x10, 0, 0x10, 1, 0x0b]],
});

/** Needs the import `env.unknown`, and one of WASI with the wrong type. */
export const unlinkable = moduleOf({
  types: [nothing, functionType([i64], [])],
  imports: [
    importEntry('env', 'unknown', [0, 0]),
    importEntry('wasi_snapshot_preview1', 'proc_exit', [0, 1]),
  ],
  functions: [0],
  memories: [[0, 1]],
  exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 2)],
  bodies: [[0, 0x0b]],
});

/** Traps at once. */
export const trapping = moduleOf({
  types: [nothing],
  functions: [0],
  memories: [[0, 1]],
  exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 0)],
  bodies: [[0, 0x00, 0x0b]],
});

/** Exits with `code`: a program of one call. */
export function exiter(code: number): Uint8Array<ArrayBuffer> {
  return moduleOf({
    types: [nothing, takesI32],
    imports: [importEntry('wasi_snapshot_preview1', 'proc_exit', [0, 1])],
    functions: [0],
    memories: [[0, 1]],
    exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 1)],
    bodies: [[0, 0x41, ...signed(code), 0x10, 0, 0x0b]],
  });
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const last = rest >> 6 === 0 || rest >> 6 === -1;
    bytes.push((rest & 0x7f) | (last ? 0 : 0x80));
    if (last) return bytes;
  }
}
