/**
 * Events of Node's process for many runs at once: one listener for each event, however many runs listen, so that
 * Node does not warn of a leak, and none when nobody does.
 */

export type ProcessEvent = 'exit' | 'SIGWINCH' | 'SIGTSTP' | 'SIGCONT';

interface Audience {
  readonly listeners: Set<() => void>;
  readonly tell: () => void;
}

const audiences = new Map<ProcessEvent, Audience>();

function audienceOf(event: ProcessEvent): Audience {
  const present = audiences.get(event);
  if (present) return present;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const audience = { listeners, tell };
  audiences.set(event, audience);
  process.on(event, tell);
  return audience;
}

/** Calls `listener` on each `event` until the function that this answers is called. */
export function onProcessEvent(event: ProcessEvent, listener: () => void): () => void {
  audienceOf(event).listeners.add(listener);
  return () => {
    const audience = audiences.get(event);
    if (!audience?.listeners.delete(listener) || audience.listeners.size > 0) return;
    audiences.delete(event);
    process.off(event, audience.tell);
  };
}
