import type { DoctorCheck } from '../examination.ts';
import { checkChannels } from './check-channels.ts';
import { checkClock } from './check-clock.ts';
import { checkHttp } from './check-http.ts';
import { checkProxies } from './check-proxies.ts';
import { checkQueue } from './check-queue.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkSecretFiles } from './check-secret-files.ts';
import { checkSources } from './check-sources.ts';
import { checkStore } from './check-store.ts';
import { checkWork } from './check-work.ts';

/** All checks, in the order in which they are listed. They run at the same time. */
export const checks: readonly DoctorCheck[] = [
  { group: 'store', name: 'store', run: checkStore },
  { group: 'queue', name: 'queue', run: checkQueue },
  { group: 'clocks', name: 'database', run: checkClock },
  { group: 'schedules', name: 'schedules', run: checkSchedules },
  { group: 'proxies', name: 'proxies', run: checkProxies },
  { group: 'sources', name: 'sources', run: checkSources },
  { group: 'channels', name: 'channels', run: checkChannels },
  { group: 'http', name: 'http', run: checkHttp },
  { group: 'secret files', name: 'secret files', run: checkSecretFiles },
  { group: 'work', name: 'leases', run: checkWork },
];
