import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { CallerEnv } from './caller-env.ts';
import { answerProblem } from './problems/problem.ts';

/** A site as Node's server calls it. */
export function createListener(site: Hono<CallerEnv>): RequestListener {
  const fetch: Parameters<typeof getRequestListener>[0] = (request, env) =>
    site.fetch(request, env as CallerEnv['Bindings']);
  return getRequestListener(fetch, {
    // HTTP/1.0 allows requests without a Host; the site says what is wrong with them.
    hostname: 'localhost',
    errorHandler: () => answerProblem({ status: 400, detail: 'the address or the host is no URL' }),
  });
}
