import { describe, expect, it } from 'vitest';
import { FileType } from '../../../../src/abi/filetype.js';
import { dirent } from '../../../../src/abi/structs.js';
import { listingFrom, packListing, storeListing } from '../../../../src/kernel/descriptors/listing.js';
import { createOpenFile, FileKind } from '../../../../src/kernel/descriptors/open-file.js';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';

const names = ['.', '..', 'a', 'größe', 'x'.repeat(255)];
const entries = names.map((name, i) => ({
  name: new TextEncoder().encode(name),
  ino: BigInt(i + 100),
  filetype: FileType.REGULAR_FILE,
}));

describe('a directory listing', () => {
  it('is packed as dirents whose cookie is the number of the next one', () => {
    const packed = packListing(entries);
    const view = new DataView(packed.buffer);
    let at = 0;
    names.forEach((name, i) => {
      const length = view.getUint32(at + dirent.at.nameLen, true);
      expect(view.getBigUint64(at + dirent.at.next, true)).toBe(BigInt(i + 1));
      expect(view.getBigUint64(at + dirent.at.ino, true)).toBe(BigInt(i + 100));
      expect(new TextDecoder().decode(packed.subarray(at + dirent.size, at + dirent.size + length))).toBe(
        name,
      );
      at += dirent.size + length;
    });
    expect(at).toBe(packed.length);
  });

  it('can be read on from every cookie, and is empty past the end', () => {
    const kernel = KernelMemory.create(0);
    const file = createOpenFile(kernel, { kind: FileKind.DIRECTORY, type: FileType.DIRECTORY, access: 1 }, 1);
    storeListing(kernel, file, packListing(entries), 1);
    for (let cookie = 0; cookie <= entries.length + 1; cookie++) {
      expect(Buffer.from(listingFrom(kernel, file, cookie))).toEqual(
        Buffer.from(packListing(entries)).subarray(-packListing(entries.slice(cookie)).length || Infinity),
      );
    }
  });
});
