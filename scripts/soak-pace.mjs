// When a phase of the soak looks at itself, and when it stops.

/**
 * @param planned how much is to be done
 * @param limitMs how long it may take
 * @param samples how many looks there shall be, about
 */
export function makePace({ planned, limitMs, samples }) {
  const start = Date.now();
  let [lastDone, lastTime] = [0, start];
  return {
    /** True when enough was done, or enough time has gone, since the last sample. */
    isDue(done) {
      const due = done - lastDone >= planned / samples || Date.now() - lastTime >= limitMs / samples;
      if (due) [lastDone, lastTime] = [done, Date.now()];
      return due;
    },
    isOver: (done) => done >= planned || Date.now() - start >= limitMs,
    seconds: () => (Date.now() - start) / 1000,
  };
}

/** One line of JSON to who started this phase. */
export const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
