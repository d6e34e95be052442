import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Caller } from '../operations/caller.ts';
import type { CallerEnv } from './caller-env.ts';
import { answerNotFound, createFailureAnswer } from './problems/answer-failure.ts';

/** Who sent a request; undefined if it shows no credential of this kind. Throws for a wrong one. */
export type FindCaller = (request: Request) => Caller | undefined | Promise<Caller | undefined>;

export interface SiteParts {
  /** Routes that answer everybody, such as probes; with their whole paths. */
  readonly open: readonly Hono[];
  /** Routes that know the caller, by where they stand. Each says itself what it refuses. */
  readonly routes: Readonly<Record<string, Hono<CallerEnv>>>;
  /** The kinds of credentials, asked in this order. */
  readonly findCaller: readonly FindCaller[];
  readonly log: Logger;
}

/** Everything that the port answers. */
export function createSite({ open, routes, findCaller, log }: SiteParts): Hono<CallerEnv> {
  const site = new Hono<CallerEnv>();
  site.onError(createFailureAnswer(log));
  site.notFound(answerNotFound);
  for (const part of open) site.route('/', part);
  site.use(async (context, next) => {
    context.set('caller', await firstCaller(findCaller, context.req.raw));
    await next();
  });
  for (const [at, part] of Object.entries(routes)) site.route(at, part);
  return site;
}

async function firstCaller(
  findCaller: readonly FindCaller[],
  request: Request,
): Promise<Caller | undefined> {
  for (const find of findCaller) {
    const caller = await find(request);
    if (caller !== undefined) return caller;
  }
  return undefined;
}
