// Standard streams that are pipes. What Node gives a child process for 'pipe' is a socket, which some programs tell apart.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** Both ends of a new pipe: `reader` and `writer` are descriptors, each blocking but for `ours`. */
function openPipe(folder, name, ours) {
  const path = join(folder, name);
  // A reader that does not block does not wait for a writer; a writer does not wait when there is a reader.
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  const writer = openSync(path, O_WRONLY | (ours === 'writer' ? O_NONBLOCK : 0));
  if (ours === 'reader') return { reader, writer };
  const blocking = openSync(path, O_RDONLY);
  closeSync(reader);
  return { reader: blocking, writer };
}

/** `stdio` for a child, and our ends as streams. `close` is for when the child has its own. */
export function standardPipes() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-pipes-'));
  try {
    execFileSync(
      'mkfifo',
      ['in', 'out', 'err'].map((name) => join(folder, name)),
    );
    const [input, output, errors] = [
      openPipe(folder, 'in', 'writer'),
      openPipe(folder, 'out', 'reader'),
      openPipe(folder, 'err', 'reader'),
    ];
    const theirs = [input.reader, output.writer, errors.writer];
    const stream = (fd, readable) => new Socket({ fd, readable, writable: !readable });
    return {
      stdio: theirs,
      stdin: stream(input.writer, false),
      stdout: stream(output.reader, true),
      stderr: stream(errors.reader, true),
      close: () => {
        for (const fd of theirs) closeSync(fd);
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
