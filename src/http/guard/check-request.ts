import type { MiddlewareHandler } from 'hono';
import type { CallerEnv } from '../caller-env.ts';
import { ProblemError } from '../problems/problem.ts';
import { isAddress, type OwnHosts } from './own-hosts.ts';

/**
 * Refuses requests to another host: a page of a stranger whose name leads to this machine (DNS
 * rebinding) sends its own name. Probes, at these paths, may name the machine by its address, or
 * not at all.
 */
export function checkHost(
  hosts: OwnHosts,
  probes: readonly string[],
): MiddlewareHandler<CallerEnv> {
  return async ({ req }, next) => {
    const header = req.header('host');
    const isProbe = probes.includes(req.path);
    const isMeant = (host: string) => hosts.isOurs(host) || (isProbe && isAddress(host));
    const { host } = new URL(req.url);
    const isRight = header === undefined ? isProbe : isMeant(header) && isMeant(host);
    if (!isRight) {
      const detail = 'this server has another name; http.publicUrl and http.hosts add names';
      throw new ProblemError({ status: 421, detail });
    }
    await next();
  };
}

/** Another site sent the request. */
export const otherOriginCode = 'KEYSWEEP_ORIGIN';

const safe: readonly string[] = ['GET', 'HEAD'];

/** Refuses what pages of other origins send. They may lead people here, and nothing else. */
export function checkOrigin(hosts: OwnHosts): MiddlewareHandler<CallerEnv> {
  return async ({ req }, next) => {
    const origin = req.header('origin');
    const isOwn = origin === undefined || hosts.isOwnOrigin(origin, req.header('host') ?? '');
    const site = req.header('sec-fetch-site') ?? 'none';
    const isOwnSite = site === 'same-origin' || site === 'none';
    const isVisit =
      safe.includes(req.method) &&
      req.header('sec-fetch-mode') === 'navigate' &&
      (req.header('sec-fetch-dest') ?? 'document') === 'document';
    if (!isOwn || !(isOwnSite || isVisit)) {
      const detail = 'a page of another origin sent this request';
      throw new ProblemError({ status: 403, detail, code: otherOriginCode });
    }
    await next();
  };
}
