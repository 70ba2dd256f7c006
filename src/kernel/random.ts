import { cryptoModule } from './builtin-modules.js';

/** Small requests are served from a block that is filled at once: one call into the host costs more than its bytes. */
const BLOCK_BYTES = 4096;
const SMALL_BYTES = 256;

const block = new Uint8Array(BLOCK_BYTES);
let used = BLOCK_BYTES;

/** Fills `length` bytes of `target` at `start` from the host's cryptographic generator. */
export function fillRandom(target: Uint8Array, start: number, length: number): void {
  if (length > SMALL_BYTES) {
    for (let at = 0; at < length; at += 0x4000_0000) {
      cryptoModule().randomFillSync(target, start + at, Math.min(length - at, 0x4000_0000));
    }
    return;
  }
  if (used + length > BLOCK_BYTES) {
    cryptoModule().randomFillSync(block);
    used = 0;
  }
  for (let i = 0; i < length; i++) {
    target[start + i] = block[used]!;
    block[used++] = 0;
  }
}
