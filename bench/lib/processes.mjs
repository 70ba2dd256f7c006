// Child processes: what they print as figures, and how long they take as a whole.
import { spawn } from 'node:child_process';
import { median, parseFigures } from './figures.mjs';

const MOST_MS = 180_000;

/** The error that Node names in standard error, else the last lines. */
function reasonIn(text) {
  const lines = text.trim().split('\n');
  const error = lines.find((line) => /^\s*(Uncaught )?\w*Error\b/.test(line));
  return (error ?? lines.slice(-3).join(' / ')).trim().slice(0, 300);
}

/** Runs a command to its end; answers standard output and the nanoseconds from start to exit. Throws with the reason. */
export function runProcess(command, args, mostMs = MOST_MS) {
  return new Promise((resolve, reject) => {
    const from = process.hrtime.bigint();
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const out = [];
    const err = [];
    let elapsed = 0;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, mostMs);
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    child.on('error', reject);
    child.on('exit', () => {
      elapsed = Number(process.hrtime.bigint() - from);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const output = Buffer.concat(out).toString();
      const said = reasonIn(Buffer.concat(err).toString());
      if (code === 0) resolve({ output, elapsed });
      else if (late) reject(new Error(`not done after ${mostMs / 1000} s ${said}`));
      else reject(new Error(`exit ${signal ?? code} ${said}`));
    });
  });
}

/** One round of a contender that prints figures: the median of each, its extremes as `NAME.best` and `NAME.worst`. */
export async function printedFigures(command, args, mostMs) {
  const { output } = await runProcess(command, args, mostMs);
  const round = {};
  for (const [name, values] of Object.entries(parseFigures(output))) {
    round[name] = median(values);
    round[`${name}.best`] = Math.min(...values);
    round[`${name}.worst`] = Math.max(...values);
  }
  return round;
}

/** One round of a contender measured as a whole process. */
export async function wholeProcess(command, args) {
  const { elapsed } = await runProcess(command, args);
  return { process_ns: elapsed, 'process_ns.best': elapsed };
}
