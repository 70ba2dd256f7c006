// What a run's trace shows: which calls answered what, and which were made by several threads of a process at once.
const line = /\[(?:pid (\d+) )?tid (\d+)\] (\d+\.\d{6}) ([\w-]+)\(.*\)(?: = (-?)(\S+)(?: \(.*\))?)?$/;
const NUMBER = /^\d+$/;
const NAME = /^[0-9A-Z]+$/;

/** The sight that a result is: an errno's name as the sources spell it; undefined for a call that did not come back. */
function sightOf(result, endsCaller) {
  if (result === undefined) return 'SUCCESS';
  if (result === '?') return endsCaller ? 'SUCCESS' : undefined;
  if (NUMBER.test(result)) return 'SUCCESS';
  // The program has written in the midst of the line: what is there of the result may be anything's beginning.
  if (!NAME.test(result) || 'SUCCESS'.startsWith(result)) return result === 'SUCCESS' ? result : undefined;
  return result === '2BIG' ? 'TOOBIG' : result;
}

/** Whether two of the periods `{ first, last }` overlap. */
function overlaps(periods) {
  let until = Number.NEGATIVE_INFINITY;
  for (const { first, last } of periods.sort((a, b) => a.first - b.first)) {
    if (first <= until) return true;
    until = Math.max(until, last);
  }
  return false;
}

/** Takes the lines of standard error and keeps those of the trace. `endsCaller(call)` tells which calls never answer. */
export class TraceReader {
  #endsCaller;
  #sights = new Map();
  /** For each call in each process, when each thread made it for the first and the last time. */
  #periods = new Map();

  constructor(endsCaller) {
    this.#endsCaller = endsCaller;
  }

  /** Answers what is left of the line without the trace: undefined when nothing is. */
  take(text) {
    const found = line.exec(text);
    if (!found) return text;
    const [, pid = '0', tid, seconds, call, , result] = found;
    const sight = sightOf(result, this.#endsCaller(call));
    if (sight) this.#see(call, sight);
    this.#time(call, pid, tid, Number(seconds));
    return found.index > 0 ? text.slice(0, found.index) : undefined;
  }

  #see(call, sight) {
    const sights = this.#sights.get(call) ?? new Set();
    this.#sights.set(call, sights.add(sight));
  }

  #time(call, pid, tid, seconds) {
    const key = `${pid} ${call}`;
    const threads = this.#periods.get(key) ?? new Map();
    this.#periods.set(key, threads);
    const period = threads.get(tid);
    if (period) period.last = seconds;
    else threads.set(tid, { first: seconds, last: seconds });
  }

  /** Map from each call to the set of what was seen of it, `AT_ONCE` among that. */
  sights() {
    for (const [key, threads] of this.#periods)
      if (overlaps([...threads.values()])) this.#see(key.split(' ')[1], 'AT_ONCE');
    return this.#sights;
  }
}
