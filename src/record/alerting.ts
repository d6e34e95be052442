import type { Config, RouteConfig } from '../config/config.ts';

/** Where alerts may go, as this process is configured. */
export interface Alerting {
  readonly channels: readonly string[];
  readonly routes: readonly RouteConfig[];
}

export function alertingOf({ alerts }: Config): Alerting {
  return { channels: alerts.channels.map(({ id }) => id), routes: alerts.routes };
}
