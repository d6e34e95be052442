// `keysweep start` with short locks, so that a test need not wait for the usual ones to run out; and
// with places at which a test may have it killed.
import { createLog } from '../../src/app/create-log.ts';
import { openApp } from '../../src/app/open-app.ts';
import { allRoles } from '../../src/cli/parse-option.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { usualTimings } from '../../src/queue/start-workers.ts';
import { installFailpoints } from './failpoints.ts';

installFailpoints(process.env);
const read = await readConfig({ path: undefined, env: process.env, cwd: process.cwd() });
if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
const { config, secrets } = read;
const log = createLog(config.logLevel, secrets);
const roles = new Set(allRoles);
const timings = { ...usualTimings, lockMs: 2_000, stalledMs: 1_000 };
const opened = await openApp({ config, secrets, log, roles, timings });
if (opened.kind === 'taken') throw new Error('the store is held');
log.info('keysweep is ready');
process.once('SIGTERM', async () => {
  await opened.app.stop();
  process.exit(0);
});
