// The summary of a fuzz run: counts of calls and of what they answered, ends, faults.

/** The most frequent entries of a map of counts, as `name count`. */
function ranked(counts, most = Number.POSITIVE_INFINITY) {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most).map(([name, count]) => `${name} ${count}`);
  return sorted.length > most ? `${shown.join(', ')}, …` : shown.join(', ');
}

/** Prints what `fuzzCalls` or `fuzzLoader` has answered, by lines. */
export function printSummary({ answers, ends, faults, runs, total, milliseconds }, print) {
  for (const [name, errnos] of answers) print(`${name}: ${ranked(errnos, 8)}`);
  print(`ends: ${ranked(ends)}`);
  print(`${total} in ${runs} runs and ${(milliseconds / 1000).toFixed(1)} s, ${faults.length} faults`);
  for (const fault of faults) print(`FAULT ${fault}`);
}
