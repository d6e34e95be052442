import { getRequestListener } from '@hono/node-server';
import { pino } from 'pino';
import type { AlertChannel } from '../../../src/alert/channels/channel.ts';
import type { Config } from '../../../src/config/config.ts';
import { createApi } from '../../../src/http/api/create-api.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { listen } from '../../../src/http/listen.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import type { Wake } from '../../../src/operations/operation.ts';
import type { CallerRole } from '../../../src/options/roles.ts';
import type { Database } from '../../../src/record/store/database.ts';

/** A server with the API over this store. `woken`: what the operations have queued. */
export async function anApi(
  database: Database,
  config: Partial<Config> = {},
  role: CallerRole = 'operator',
  channels: ReadonlyMap<string, AlertChannel> = new Map(),
) {
  const log = pino({ level: 'silent' });
  const woken: string[] = [];
  const whole = {
    inventory: keepKeys([]),
    sources: [],
    schedules: [],
    reviews: [],
    policy: { policy: { rules: [], waivers: [] } },
    alerts: { channels: [{ id: 'siem', type: 'webhook' }], routes: [] },
    heartbeats: new Map(),
    owners: new Map(),
    emptyInventoryFiles: [],
    evidence: { witnesses: [] },
    queue: { kind: 'redis' },
    ...config,
  } as unknown as Config;
  const wake: Wake = {
    request: async (id) => void woken.push(id),
    alerts: async (alerts) => void woken.push(...alerts.map(({ channel }) => channel)),
  };
  const operationsFor = createLocalOperations(
    database,
    () => whole,
    wake,
    undefined,
    undefined,
    channels,
  );
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [] },
    open: [],
    routes: { '/api/v1': createApi({ operationsFor: () => operationsFor, log }) },
    findCaller: [() => ({ name: 'it', role, from: '127.0.0.1', proof: { known: 'token' } })],
    log,
  });
  const listening = await listen(getRequestListener(site.fetch), { host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${listening.port}/api/v1/`;
  return {
    woken,
    ask: (path: string, init?: RequestInit) => fetch(origin + path, init),
    close: listening.close,
  };
}
