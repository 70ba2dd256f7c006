import { ModuleError } from './module-error.js';
import { ByteCursor, openSection, type Section, sectionId } from './reader.js';

/** A custom section: its content, after the name, is `bytes[start, start + byteLength)`. */
export interface CustomSection {
  readonly name: string;
  readonly start: number;
  readonly byteLength: number;
}

/** Lists the custom sections in file order. */
export function readCustomSections(bytes: Uint8Array, sections: readonly Section[]): CustomSection[] {
  return sections
    .filter(({ id }) => id === sectionId.custom)
    .map((section) => {
      const cursor = openSection(bytes, section);
      const name = cursor.name();
      return { name, start: cursor.position, byteLength: section.end - cursor.position };
    });
}

const used = 0x2b; // '+'

/**
 * The features a module says it uses in its `target_features` section. Custom sections are notes: one that cannot
 * be read says nothing, and is no error.
 */
export function readTargetFeatures(bytes: Uint8Array, customSections: readonly CustomSection[]): string[] {
  const section = customSections.find(({ name }) => name === 'target_features');
  if (!section) return [];
  const cursor = new ByteCursor(bytes, section.start, section.start + section.byteLength, 'target_features');
  const features: string[] = [];
  try {
    for (let left = cursor.count(); left > 0; left--) {
      const prefix = cursor.byte();
      const feature = cursor.name();
      if (prefix === used) features.push(feature);
    }
    return features;
  } catch (error) {
    if (error instanceof ModuleError) return [];
    throw error;
  }
}
