import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { createApi } from '../http/api/create-api.ts';
import { createHealth, type HealthChecks } from '../http/create-health.ts';
import { createSite } from '../http/create-site.ts';
import { listen } from '../http/listen.ts';
import type { OperationsFor } from '../operations/local.ts';
import type { NoteDenied } from '../operations/recording/permit.ts';
import type { Closing } from './closing.ts';

export interface ServeParts {
  readonly config: Config;
  readonly log: Logger;
  readonly checks: HealthChecks;
  readonly operationsFor: OperationsFor;
  readonly noteDenied: NoteDenied;
  readonly closing: Closing;
}

/** Opens the port of HTTP, if the configuration has one. Returns its number. */
export async function serve(parts: ServeParts): Promise<number | undefined> {
  const { config, log, checks, operationsFor, noteDenied, closing } = parts;
  if (config.http === undefined) return undefined;
  const site = createSite({
    open: [createHealth(checks)],
    routes: { '/api/v1': createApi({ operationsFor: () => operationsFor, log, noteDenied }) },
    findCaller: [],
    log,
  });
  const listening = await listen(getRequestListener(site.fetch), config.http);
  closing.add('http', () => listening.close());
  return listening.port;
}
