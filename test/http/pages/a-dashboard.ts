import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { AlertChannel } from '../../../src/alert/channels/channel.ts';
import type { ChannelConfig } from '../../../src/alert/channels/index.ts';
import type { Approvals } from '../../../src/config/config.ts';
import { createListener } from '../../../src/http/create-listener.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { listen } from '../../../src/http/listen.ts';
import { createKeptBacktests } from '../../../src/http/pages/backtest/keep-backtests.ts';
import type { PagesParts } from '../../../src/http/pages/create-answers.ts';
import { createPages } from '../../../src/http/pages/create-pages.ts';
import { createRefusalPages } from '../../../src/http/pages/errors/refusal-pages.ts';
import type { Caller } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { shippedConfig } from './a-past.ts';

/** When the pages are made. */
export const pageTime = new Date('2026-11-29T09:00:00Z');

const viewer: Caller = { name: 'ann', role: 'viewer', from: '127.0.0.1' };
const noWake = { request: async () => undefined, alerts: async () => undefined };

interface DashboardMore {
  /** The channels of the configuration, and what sends to them. */
  readonly configs?: readonly ChannelConfig[];
  readonly made?: readonly AlertChannel[];
  readonly queueBoard?: PagesParts['queueBoard'];
  readonly approvals?: Approvals;
}

/** A server with nothing but the pages, until the test has finished. */
export async function openDashboard(
  database: Database,
  caller: Caller | 'nobody' = viewer,
  { configs = [], made: channels = [], queueBoard, approvals }: DashboardMore = {},
) {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const shipped = await shippedConfig();
  const alerts = { ...shipped.alerts, channels: configs };
  const config = { ...shipped, ...(configs.length === 0 ? {} : { alerts }), approvals };
  const made = new Map(channels.map((channel) => [channel.id, channel]));
  const noted = () => undefined;
  const parts = {
    means: { database, config },
    operationsFor: createLocalOperations(
      ...([database, () => config, noWake, noted, undefined, made] as const),
    ),
    queueBoard,
    backtests: createKeptBacktests({ log, now: () => pageTime }),
    ...{ noteDenied: noted, version: '1.2.3', log, now: () => pageTime },
  };
  onTestFinished(() => parts.backtests.close());
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [] },
    open: [],
    routes: { '/': createPages(parts) },
    findCaller: [() => (caller === 'nobody' ? undefined : caller)],
    log,
    asPage: createRefusalPages(parts),
  });
  const listening = await listen(createListener(site), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listening.close());
  const origin = `http://127.0.0.1:${listening.port}`;
  return { origin, lines, ask: (path: string, init?: RequestInit) => fetch(origin + path, init) };
}
