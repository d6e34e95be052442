import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { assertPermitted, type Caller } from '../../operations/caller.ts';
import type { OperationsFor } from '../../operations/local.ts';
import { hasSimulatedSweeps } from '../../record/reads/pages/read-simulated.ts';
import type { CallerEnv } from '../caller-env.ts';
import { createFailureAnswer } from '../problems/answer-failure.ts';
import { ProblemError } from '../problems/problem.ts';
import { toProblem } from '../problems/to-problem.ts';
import { errorNoteOf } from './errors/error-notes.ts';
import { renderErrorPage } from './errors/error-page.tsx';
import type { Frame } from './layout/page.tsx';
import type { PageEntry, PageMeans } from './page-entry.ts';
import { pages } from './pages.ts';
import { withQuery } from './paths.ts';
import { protectPages } from './protect-pages.ts';
import { type Asset, readAssets } from './read-assets.ts';

export interface PagesParts {
  readonly means: PageMeans;
  readonly operationsFor: OperationsFor;
  readonly version: string;
  readonly log: Logger;
  now(): Date;
}

type PageContext = Context<CallerEnv>;

/**
 * The pages and the files that they use, to be mounted under `/` after all other routes. Whoever
 * mounts them says who the caller is. A refusal is a page for a browser, and a problem for others.
 */
export function createPages(parts: PagesParts): Hono<CallerEnv> {
  const { means, operationsFor, version, log, now } = parts;
  const assets = readAssets();
  const site = new Hono<CallerEnv>();
  site.use(protectPages, compress());
  for (const asset of Object.values(assets)) site.get(asset.path, (at) => sendAsset(at, asset));
  for (const page of pages) site.get(page.path, (context) => answer(context, page));
  site.all('*', () => {
    throw new ProblemError({ status: 404, detail: 'there is nothing at this address' });
  });
  const answerFailure = createFailureAnswer(log);
  site.onError((error, context) => {
    const problem = answerFailure(error, context);
    if (!wantsPage(context)) return problem;
    if (problem.status === 401) return context.redirect(signInPath(context), 303);
    const detail = toProblem(error)?.detail;
    const html = renderErrorPage(frameOf(context), errorNoteOf(problem.status, detail));
    for (const [name, value] of problem.headers) context.header(name, value);
    return context.html(html, problem.status as ContentfulStatusCode);
  });
  let simulated = false;
  return site;

  async function hasSimulated(): Promise<boolean> {
    simulated ||= await hasSimulatedSweeps(means.database);
    return simulated;
  }

  async function answer(context: PageContext, page: PageEntry): Promise<Response> {
    const started = performance.now();
    const caller = assertSignedIn(context);
    assertPermitted(caller, 'read');
    const request = {
      frame: { ...frameOf(context), simulated: await hasSimulated() },
      params: context.req.param(),
      query: new URL(context.req.url).searchParams,
    };
    const { database } = means;
    const reads = { database, config: means.config, operations: operationsFor(caller) };
    const shown = await page.show(request, reads);
    if (shown === undefined) throw new ProblemError({ status: 404, detail: 'it is not kept' });
    const ms = Math.round((performance.now() - started) * 10) / 10;
    context.header('server-timing', `page;dur=${ms}`);
    context.header('cache-control', 'private, no-cache');
    return context.html(shown.html, shown.status);
  }

  function frameOf(context: PageContext): Frame {
    const [caller, formToken] = [context.get('caller'), context.get('formToken')];
    return { caller, formToken, at: now(), version, assets, simulated };
  }
}

function assertSignedIn(context: PageContext): Caller {
  const caller = context.get('caller');
  if (caller !== undefined) return caller;
  throw new ProblemError({
    status: 401,
    detail: 'sign in first',
    headers: { 'www-authenticate': 'Bearer realm="keysweep"' },
  });
}

/** The sign-in page, which leads back here. */
function signInPath({ req }: PageContext): string {
  const { pathname, search } = new URL(req.url);
  // A form is not sent again.
  return withQuery('/sign-in', { next: req.method === 'GET' ? pathname + search : '/' });
}

function wantsPage({ req }: PageContext): boolean {
  return req.header('accept')?.includes('text/html') === true;
}

function sendAsset(context: PageContext, { type, body }: Asset): Response {
  context.header('cache-control', 'public, max-age=31536000, immutable');
  return context.body(body, 200, { 'content-type': type });
}
