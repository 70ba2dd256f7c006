/** The end of a guest process on the host's side: everything it had open is closed. */
import { closeOpenFile } from '../../kernel/descriptors/close.js';
import { FILE } from '../../kernel/descriptors/open-file.js';
import { ENTRY, entryOf } from '../../kernel/descriptors/table.js';
import { closeFileTree } from '../../kernel/files/file-tree-setup.js';
import { scratchCell } from '../../kernel/files/shared-cell.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { weigh } from './memory-weight.js';
import type { NewProcess } from './process-setup.js';

/** Closes all descriptors, whatever references ended threads have left on them, and the run's file tree. */
export function closeGuestProcess({ kernel, process, memory, files }: NewProcess): void {
  const open = new Set<number>();
  const capacity = kernel.words[process + PROCESS.FD_CAPACITY]!;
  for (let fd = 0; fd < capacity; fd++) {
    const entry = entryOf(kernel, process, fd);
    const file = kernel.words[entry + ENTRY.FILE]!;
    kernel.words[entry + ENTRY.FILE] = 0;
    if (file !== 0) open.add(file);
  }
  for (const file of open) {
    kernel.reach(file, FILE.WORDS);
    closeOpenFile(kernel, file, HOST_OWNER);
  }
  // The memories are garbage from here on.
  weigh(kernel.memory);
  if (memory) weigh(memory);
  closeFileTree(
    files,
    scratchCell(kernel, () => HOST_OWNER),
  );
}
