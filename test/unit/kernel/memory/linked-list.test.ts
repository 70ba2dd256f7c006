import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { pushFirst, removeNode } from '../../../../src/kernel/memory/linked-list.js';

const LINKS = 3;

function nodesOf(kernel: KernelMemory, list: number): number[] {
  const found: number[] = [];
  for (let node = kernel.words[list]!; node !== 0; node = kernel.words[node + LINKS]!) found.push(node);
  return found;
}

it('holds what was put in and not taken out, the newest first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 100, size: 'max' }), (choices) => {
      const kernel = KernelMemory.create(1);
      const list = kernel.allocate(1, 1);
      const nodes = Array.from({ length: 10 }, () => kernel.allocate(LINKS + 2, 1));
      let model: number[] = [];
      for (const choice of choices) {
        const node = nodes[choice]!;
        if (model.includes(node)) {
          removeNode(kernel, list, node, LINKS);
          model = model.filter((other) => other !== node);
        } else {
          pushFirst(kernel, list, node, LINKS);
          model = [node, ...model];
        }
        expect(nodesOf(kernel, list)).toEqual(model);
      }
    }),
    { numRuns: 100 },
  );
});
