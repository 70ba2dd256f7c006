// wasix-run by its API: node wasix-run.mjs '{"dist":…,"module":…,"args":[…],"options":{…}}'
// The guest prints its own figures; the counters of the run follow.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { dist, module, args, options } = JSON.parse(process.argv[2]);
const { run } = await import(pathToFileURL(join(dist, 'index.js')).href);
const { exitCode, reason, message, stats } = await run(module, { args, ...options });
if (reason !== 'exit') writeSync(2, `${reason}: ${message}\n`);
for (const [name, value] of Object.entries(stats)) writeSync(1, `${name} ${Math.round(value)}\n`);
process.exitCode = exitCode;
