/** Making a guest process: its kernel memory, its memory, its files and descriptors. */
import { FileType } from '../../abi/filetype.js';
import { Access, createOpenFile, FileKind, WORKING_DIRECTORY } from '../../kernel/descriptors/open-file.js';
import { ALL_RIGHTS, install } from '../../kernel/descriptors/table.js';
import type { FileTreeConfig, OpenedFileTreeConfig } from '../../kernel/files/config.js';
import { FileTree } from '../../kernel/files/file-tree.js';
import { closeHostFiles, openFileTree } from '../../kernel/files/file-tree-setup.js';
import { scratchCell } from '../../kernel/files/shared-cell.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { storeText } from '../../kernel/memory/text.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { createProcess } from '../../kernel/processes/process-table.js';
import { createSystem } from '../../kernel/system.js';
import { claimThread } from '../../kernel/threads/thread-record.js';
import { THREAD } from '../../kernel/threads/thread-words.js';
import type { GuestMemoryPlan, ModuleTraits } from '../image.js';
import { LoadError } from '../load-error.js';
import type { RunSettings } from '../options.js';

export interface NewProcess {
  readonly kernel: KernelMemory;
  readonly process: number;
  readonly memory: GuestMemoryPlan;
  readonly files: OpenedFileTreeConfig;
}

/** A granted directory or mapped command that is missing is a wrong option. */
function openFiles(config: FileTreeConfig): OpenedFileTreeConfig {
  try {
    return openFileTree(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoadError('bad-option', reason, 'only directories and files that exist can be granted');
  }
}

/** What a process is made from: its program and what it is granted. */
export interface ProcessProgram {
  readonly traits: Pick<ModuleTraits, 'wasix'>;
  createMemory(maxBytes: number | undefined): GuestMemoryPlan;
}

export type ProcessSettings = Pick<
  RunSettings,
  'mounts' | 'commands' | 'cwd' | 'maxMemory' | 'maxProcesses' | 'maxThreads' | 'maxDescriptors'
>;

/** Opens the run's files first: no memory is made when a directory is missing. */
export function createGuestProcess(loaded: ProcessProgram, settings: ProcessSettings): NewProcess {
  const config: FileTreeConfig = {
    view: loaded.traits.wasix ? 'tree' : 'preopens',
    mounts: settings.mounts,
    commands: loaded.traits.wasix ? settings.commands : [],
    cwd: settings.cwd,
  };
  const files = openFiles(config);
  try {
    return { ...createMemories(loaded, settings), files };
  } catch (error) {
    closeHostFiles(files);
    throw error;
  }
}

function createMemories(loaded: ProcessProgram, settings: ProcessSettings): Omit<NewProcess, 'files'> {
  const memory = loaded.createMemory(settings.maxMemory);
  const kernel = createSystem({
    // A program that cannot ask for further processes needs no room for them.
    processes: loaded.traits.wasix ? settings.maxProcesses : 1,
    threads: settings.maxThreads,
  });
  const process = createProcess(kernel, HOST_OWNER, {
    parent: 0,
    threads: settings.maxThreads,
    descriptors: settings.maxDescriptors,
  });
  if (loaded.traits.wasix) kernel.words[process + PROCESS.CWD] = storeText(kernel, settings.cwd, HOST_OWNER);
  return { kernel, process, memory };
}

/** Opens the preopens, from the lowest free descriptor on (docs/architecture.md). */
export function installPreopens({ kernel, process, files }: NewProcess): void {
  const tree = new FileTree(
    files,
    scratchCell(kernel, () => HOST_OWNER),
  );
  for (const { name, directory } of tree.openRoots()) {
    const file = createOpenFile(
      kernel,
      {
        kind: FileKind.DIRECTORY,
        type: FileType.DIRECTORY,
        access: Access.READ | Access.OWNS_FD,
        hostFd: directory.hostFd,
        mount: directory.mount,
        path: storeText(kernel, directory.path, HOST_OWNER),
        device: files.view === 'tree' && name === '.' ? WORKING_DIRECTORY : 0,
      },
      HOST_OWNER,
    );
    const preopen = storeText(kernel, name, HOST_OWNER);
    install({ kernel, process, owner: HOST_OWNER }, file, { rights: ALL_RIGHTS, preopen });
  }
}

/** The directories of the host that the programs of the run may write to, links resolved; without their scratch space. */
export function writableDirectories({ files }: NewProcess): string[] {
  return files.hostPaths.filter((path, mount) => path !== '' && files.mounts[mount]?.readOnly === false);
}

/** Makes the record of the main thread, whose id is the process's; the thread counts as alive from here on. */
export function claimMainThread({ kernel, process }: NewProcess): number {
  const { words } = kernel;
  const record = claimThread(kernel, process);
  words[record + THREAD.TID] = words[process + PROCESS.PID]!;
  words[process + PROCESS.LIVE] = 1;
  words[process + PROCESS.PEAK_LIVE] = 1;
  return record;
}
