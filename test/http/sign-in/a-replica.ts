import { Hono } from 'hono';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { AlertChannel } from '../../../src/alert/channels/channel.ts';
import type { Config } from '../../../src/config/config.ts';
import {
  type HttpConfig,
  hashToken,
  type TokenHash,
} from '../../../src/config/http/http-config.ts';
import type { CallerEnv } from '../../../src/http/caller-env.ts';
import { createListener } from '../../../src/http/create-listener.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { createTokenFinder } from '../../../src/http/guard/find-token.ts';
import { createHoldOff } from '../../../src/http/guard/hold-off.ts';
import { listen } from '../../../src/http/listen.ts';
import { createKeptBacktests } from '../../../src/http/pages/backtest/keep-backtests.ts';
import { createPages } from '../../../src/http/pages/create-pages.ts';
import { createRefusalPages } from '../../../src/http/pages/errors/refusal-pages.ts';
import { createSessions } from '../../../src/http/session/sessions.ts';
import type { OidcParts } from '../../../src/http/sign-in/create-oidc.ts';
import { createSignIn } from '../../../src/http/sign-in/create-sign-in.ts';
import { createOneTimeCodes } from '../../../src/http/sign-in/one-time-codes.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import type { Denied } from '../../../src/record/audit-log/count-denials.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { shippedConfig } from '../pages/a-past.ts';

export const opsToken = 'token-of-ops-1234567890';

export const ops: TokenHash = { name: 'ops', role: 'operator', sha256: hashToken(opsToken) };

export interface ReplicaDifference {
  readonly tokens?: readonly TokenHash[];
  readonly http?: Partial<HttpConfig>;
  readonly oidc?: OidcParts;
  readonly now?: () => Date;
  /** What sends test messages, by its channel. */
  readonly channels?: ReadonlyMap<string, AlertChannel>;
  readonly reviews?: Config['reviews'];
  /** A free one, if none is named. */
  readonly port?: number;
}

/** A server on this store, with pages, sign-in, and `/probe/who`, which says who the caller is. */
export async function openReplica(database: Database, difference: ReplicaDifference = {}) {
  const { tokens = [ops], http, oidc, port = 0, channels, reviews = [] } = difference;
  const { now = () => new Date('2026-11-29T09:00:00Z') } = difference;
  const lines: string[] = [];
  const denied: Denied[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const checks = {
    tokens,
    holdOff: createHoldOff(),
    noteDenied: (one: Denied) => void denied.push(one),
  };
  const names = { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [], ...http };
  const sessions = createSessions({
    database,
    publicUrl: names.publicUrl,
    tokens,
    oidc: oidc?.oidc,
  });
  const codes = createOneTimeCodes();
  const made = { version: '1.2.3', log, now };
  const config = { ...withChannels(await shippedConfig(), channels), reviews };
  const wake = { request: async () => undefined, alerts: async () => undefined };
  const noted = () => undefined;
  const operationsFor = createLocalOperations(
    ...([database, () => config, wake, noted, undefined, channels] as const),
  );
  const backtests = createKeptBacktests(made);
  onTestFinished(() => backtests.close());
  const who = new Hono<CallerEnv>().all('/who', (context) => {
    const { proof: _, ...shown } = context.get('caller') ?? {};
    return context.json(context.get('caller') === undefined ? null : shown);
  });
  const site = createSite({
    http: names,
    open: [],
    routes: {
      '/probe': who,
      ...createSignIn({ sessions, checks, link: { codes, token: ops }, oidc, ...made }),
      '/': createPages({
        means: { database, config },
        ...{ backtests, operationsFor, noteDenied: noted, ...made },
      }),
    },
    findCaller: [createTokenFinder(checks), sessions.findCaller],
    log,
    asPage: createRefusalPages(made),
  });
  const listening = await listen(createListener(site), { host: '127.0.0.1', port });
  onTestFinished(() => listening.close());
  return { port: listening.port, lines, denied, codes };
}

function withChannels(config: Config, made: ReplicaDifference['channels']): Config {
  if (made === undefined) return config;
  const channels = [...made.keys()].map((id) => ({ id, type: 'webhook' as const }));
  return { ...config, alerts: { ...config.alerts, channels } };
}
