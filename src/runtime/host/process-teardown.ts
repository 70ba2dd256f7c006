/** The end of a run on the host's side: everything that is still open is closed. */
import { closeOpenFile } from '../../kernel/descriptors/close.js';
import { FILE } from '../../kernel/descriptors/open-file.js';
import { ENTRY, entryOf } from '../../kernel/descriptors/table.js';
import { closeFileTree } from '../../kernel/files/file-tree-setup.js';
import { scratchCell } from '../../kernel/files/shared-cell.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { processesOf } from '../../kernel/processes/process-table.js';
import { dropCalls } from '../../kernel/sockets/reactor-call.js';
import { weigh } from './memory-weight.js';
import type { NewProcess } from './process-setup.js';

/**
 * Closes what the processes of a run have left open and the run's file tree. A process that came to its end has closed
 * its descriptors by then; one that never began, or whose threads could not be ended, has not.
 */
export function closeRun({ kernel, files }: Pick<NewProcess, 'kernel' | 'files'>): void {
  const open = new Set(processesOf(kernel).flatMap((process) => filesOf(kernel, process)));
  for (const file of open) {
    kernel.reach(file, FILE.WORDS);
    closeOpenFile(kernel, file, HOST_OWNER);
  }
  dropCalls(kernel, HOST_OWNER);
  // The memory is garbage from here on.
  weigh(kernel.memory);
  closeFileTree(
    files,
    scratchCell(kernel, () => HOST_OWNER),
  );
}

/** Takes the descriptions out of the table of a process. */
function filesOf(kernel: KernelMemory, process: number): number[] {
  const files: number[] = [];
  const capacity = kernel.words[process + PROCESS.FD_CAPACITY]!;
  for (let fd = 0; fd < capacity; fd++) {
    const entry = entryOf(kernel, process, fd);
    const file = kernel.words[entry + ENTRY.FILE]!;
    kernel.words[entry + ENTRY.FILE] = 0;
    if (file !== 0) files.push(file);
  }
  return files;
}
