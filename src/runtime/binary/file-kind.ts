import { ModuleError, type ModuleErrorCode, truncated } from './module-error.js';

interface Magic {
  readonly bytes: readonly number[];
  readonly problem: string;
  readonly hint: string;
}

const native = 'wasix-run runs WebAssembly: build the program for wasm32-wasip1-threads or WASIX';
const unpack = 'unpack it first';
const link = 'link it with wasm-ld or the compiler driver first';

/** The files people hand over by mistake, by how they begin. */
const magics: readonly Magic[] = [
  { bytes: [0x7f, 0x45, 0x4c, 0x46], problem: 'is a native ELF program', hint: native },
  { bytes: [0xcf, 0xfa, 0xed, 0xfe], problem: 'is a native macOS program', hint: native },
  { bytes: [0xce, 0xfa, 0xed, 0xfe], problem: 'is a native macOS program', hint: native },
  { bytes: [0xca, 0xfe, 0xba, 0xbe], problem: 'is a macOS universal binary or a Java class', hint: native },
  { bytes: [0x4d, 0x5a], problem: 'is a native Windows program', hint: native },
  { bytes: [0x23, 0x21], problem: 'is a script', hint: 'run the WebAssembly module it starts' },
  { bytes: [0x1f, 0x8b], problem: 'is compressed with gzip', hint: unpack },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], problem: 'is compressed with zstd', hint: unpack },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], problem: 'is compressed with xz', hint: unpack },
  { bytes: [0x42, 0x5a, 0x68], problem: 'is compressed with bzip2', hint: unpack },
  { bytes: [0x50, 0x4b, 0x03, 0x04], problem: 'is a zip archive', hint: unpack },
  { bytes: [0x42, 0x43, 0xc0, 0xde], problem: 'is LLVM bitcode', hint: link },
  { bytes: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e], problem: 'is a library archive', hint: link },
  {
    bytes: [0x00, 0x77, 0x65, 0x62, 0x63],
    problem: 'is a wasmer package (webc)',
    hint: 'unpack it with "wasmer package unpack" and run the module inside',
  },
];

const wasmMagic = [0x00, 0x61, 0x73, 0x6d];
const textStart = /^\(\s*(?:module|component|type|import|func|memory)\b/;

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}

/** Whether the first thing after blanks and comments is one that the text format opens with. */
function textFormat(bytes: Uint8Array): boolean {
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('utf8');
  for (;;) {
    text = text.replace(/^[\s\uFEFF]+/, '');
    const comment = text.startsWith(';;') ? '\n' : text.startsWith('(;') ? ';)' : undefined;
    if (comment === undefined) return textStart.test(text);
    const end = text.indexOf(comment);
    if (end < 0) return false;
    text = text.slice(end + comment.length);
  }
}

function refuse(code: ModuleErrorCode, problem: string, hint: string): never {
  throw new ModuleError(code, problem, hint);
}

function refuseForeign(bytes: Uint8Array): never {
  if (bytes.length === 0) refuse('not-wasm', 'is empty', 'build it again');
  const magic = magics.find((candidate) => startsWith(bytes, candidate.bytes));
  if (magic) refuse('not-wasm', magic.problem, magic.hint);
  if (textFormat(bytes)) {
    refuse('text-format', 'is WebAssembly text', 'convert it to a binary with wat2wasm or wasm-tools parse');
  }
  refuse('not-wasm', 'is not a WebAssembly module', 'give the .wasm file that the compiler wrote');
}

/**
 * Checks the eight bytes every core module opens with.
 *
 * @throws {ModuleError} naming the kind of file when it is recognised: a component, the text format, a native
 * program, a compressed file.
 */
export function checkPreamble(bytes: Uint8Array): void {
  if (
    bytes.length > 0 &&
    bytes.length < 8 &&
    wasmMagic.every((byte, i) => i >= bytes.length || bytes[i] === byte)
  ) {
    throw truncated('the WebAssembly header');
  }
  if (!startsWith(bytes, wasmMagic)) refuseForeign(bytes);
  const version = bytes[4]! | (bytes[5]! << 8);
  const layer = bytes[6]! | (bytes[7]! << 8);
  if (layer === 1) {
    refuse(
      'component',
      'is a WebAssembly component',
      'wasix-run runs core modules: build for wasm32-wasip1-threads or WASIX, or take the core module out with wasm-tools',
    );
  }
  if (version !== 1 || layer !== 0) {
    refuse(
      'unsupported',
      `has binary version ${version}, layer ${layer}`,
      'only version 1 core modules can run',
    );
  }
}
