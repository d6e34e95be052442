// `keysweep start` as `main.ts` runs it, with the worker processes that it starts, and with short
// locks: a test need not wait for the usual ones of a killed process to run out.
import { EventEmitter } from 'node:events';
import { parseArgs } from 'node:util';
import { openParentLink } from '../../src/app/processes/parent-link.ts';
import { allRoles, parseRoles } from '../../src/cli/parse-option.ts';
import { runStart } from '../../src/cli/run/start.ts';
import { usualTimings } from '../../src/queue/start-workers.ts';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('SIGTERM')));
const hangUps = new EventEmitter<{ hangup: [] }>();
const parent = openParentLink(process.env, { stop, hangUps });
const { env, stdin, stdout, stderr } = process;
// A worker process is started with the arguments that the program itself would get.
const { values } = parseArgs({
  allowPositionals: true,
  options: { role: { type: 'string' }, config: { type: 'string' } },
});
const { role, ...where } = values;
process.exitCode = await runStart(
  { env, cwd: process.cwd(), stdin, stdout, stderr, signal: stop.signal, hangUps, parent },
  { ...where, role: role === undefined ? allRoles : parseRoles(role) },
  { timings: { ...usualTimings, lockMs: 2_000, stalledMs: 1_000 } },
);
setTimeout(() => process.exit(), 500).unref();
await parent?.close();
