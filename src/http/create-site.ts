import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import { createNetworks } from '../config/http/http-addresses.ts';
import type { HttpConfig } from '../config/http/http-config.ts';
import type { Caller } from '../operations/caller.ts';
import type { CallerEnv } from './caller-env.ts';
import { endUnsentBody } from './end-unsent-body.ts';
import { addHeaders } from './guard/add-headers.ts';
import { checkHost, checkOrigin } from './guard/check-request.ts';
import { findClient } from './guard/find-client.ts';
import { createOwnHosts } from './guard/own-hosts.ts';
import { answerNotFound, createFailureAnswer } from './problems/answer-failure.ts';
import { checkForm } from './session/check-form.ts';

/** Who sent a request; undefined if it shows no credential of this kind. Throws for a wrong one. */
export type FindCaller = (
  context: Context<CallerEnv>,
) => Caller | undefined | Promise<Caller | undefined>;

export interface SiteParts {
  readonly http: Pick<HttpConfig, 'host' | 'hosts' | 'publicUrl' | 'trustedProxies'>;
  /** Routes that answer everybody, such as probes; with their whole paths. */
  readonly open: readonly Hono[];
  /** Routes that know the caller, by where they stand. Each says itself what it refuses. */
  readonly routes: Readonly<Record<string, Hono<CallerEnv>>>;
  /** The kinds of credentials, asked in this order. */
  readonly findCaller: readonly FindCaller[];
  readonly log: Logger;
  /** Makes a page of a problem, for a browser. Without it, browsers get problems as programs do. */
  readonly asPage?: (context: Context<CallerEnv>, problem: Response, error: Error) => Response;
}

/** Where a form needs no session; that it is ours, `checkOrigin` says. */
const formsForAll = ['/sign-in'];

/** Everything that the port answers. */
export function createSite(parts: SiteParts): Hono<CallerEnv> {
  const { http, open, routes, findCaller } = parts;
  const site = new Hono<CallerEnv>();
  site.notFound(answerNotFound);
  const hosts = createOwnHosts(http);
  const probes = open.flatMap(({ routes: its }) => its.map(({ path }) => path));
  site.onError(createErrorAnswer(parts, probes));
  site.use(endUnsentBody, addHeaders, checkHost(hosts, probes), checkOrigin(hosts));
  for (const part of open) site.route('/', part);
  const isTrusted = createNetworks(http.trustedProxies);
  site.use(async (context, next) => {
    const { req } = context;
    const peer = context.env.incoming.socket.remoteAddress ?? '';
    const forwarded = {
      for: req.header('x-forwarded-for'),
      proto: req.header('x-forwarded-proto'),
    };
    context.set('client', findClient(peer, forwarded, isTrusted));
    context.set('caller', await firstCaller(findCaller, context));
    await next();
  });
  site.use(checkForm(formsForAll));
  for (const [at, part] of Object.entries(routes)) site.route(at, part);
  return site;
}

/** Answers what a route threw: with a page where a browser asked for one, else with a problem. */
function createErrorAnswer({ log, asPage }: SiteParts, probes: readonly string[]) {
  const answerFailure = createFailureAnswer(log);
  return (error: Error, context: Context<CallerEnv>): Response => {
    const { req } = context;
    const problem = answerFailure(error, context);
    const isForPrograms = req.path.startsWith('/api/') || probes.includes(req.path);
    const hasToken = req.header('authorization') !== undefined;
    const wantsPage = req.header('accept')?.includes('text/html') === true;
    const isPage = wantsPage && !hasToken && !isForPrograms;
    return isPage && asPage !== undefined ? asPage(context, problem, error) : problem;
  };
}

async function firstCaller(
  findCaller: readonly FindCaller[],
  context: Context<CallerEnv>,
): Promise<Caller | undefined> {
  for (const find of findCaller) {
    const caller = await find(context);
    if (caller !== undefined) return caller;
  }
  return undefined;
}
