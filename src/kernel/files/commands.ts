/**
 * Mapped commands: single files of the host as programs in the guest's `/bin`, whatever directory is there. They can be
 * looked at, read and run, and not be written, replaced or removed. The host opens each file once, before the run; workers
 * open it anew through that descriptor, so nothing else of the host can be reached by it.
 */
import { type FileStatus, statusOfHostFd } from './file-status.js';
import type { NameSpace } from './name-space.js';

/** Opens the command with this index in the configuration, for reading. The caller owns the descriptor. */
export function reopenCommand({ config, host }: NameSpace, command: number): number {
  return host.reopen(config.commandFiles[command]!);
}

export function statusOfCommand({ config }: NameSpace, command: number): FileStatus {
  return statusOfHostFd(config.commandFiles[command]!.fd);
}
