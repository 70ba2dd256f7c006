/** The unsigned LEB128 of an integer from 0 to 2^53 - 1, in `length` bytes when that is given and long enough. */
export function unsigned(value: number, length = 1): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    const more = rest >= 128 || bytes.length + 1 < length;
    bytes.push((rest % 128) | (more ? 0x80 : 0));
    if (!more) return bytes;
  }
}

/** The signed LEB128 of a safe integer. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = ((rest % 128) + 128) % 128;
    rest = Math.floor(rest / 128);
    const last = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

/** A length-prefixed UTF-8 string. */
export function encodedName(name: string): number[] {
  const utf8 = new TextEncoder().encode(name);
  return [...unsigned(utf8.length), ...utf8];
}

/** A vector of elements that are encoded already. */
export function vector(elements: readonly (readonly number[])[]): number[] {
  return [...unsigned(elements.length), ...elements.flat()];
}

/** A section with its header. */
export function encodedSection(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** A core module of the given sections. */
export function encodedModule(sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}
