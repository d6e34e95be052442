import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { CallerEnv } from '../caller-env.ts';
import { createFailureAnswer } from '../problems/answer-failure.ts';
import { ProblemError } from '../problems/problem.ts';
import { toProblem } from '../problems/to-problem.ts';
import { actions } from './actions/actions.ts';
import { createAnswers, type PageContext, type PagesParts } from './create-answers.ts';
import { errorNoteOf } from './errors/error-notes.ts';
import { renderErrorPage } from './errors/error-page.tsx';
import type { Frame } from './layout/page.tsx';
import { lives } from './live/lives.ts';
import { pages } from './pages.ts';
import { withQuery } from './paths.ts';
import { protectPages } from './protect-pages.ts';
import { type Asset, readAssets } from './read-assets.ts';

/**
 * The pages and the files that they use, to be mounted under `/` after all other routes. Whoever
 * mounts them says who the caller is. A refusal is a page for a browser, and a problem for others.
 */
export function createPages(parts: PagesParts): Hono<CallerEnv> {
  const { version, log, now, queueBoard } = parts;
  const assets = readAssets();
  const answers = createAnswers(parts, frameOf);
  const site = new Hono<CallerEnv>();
  site.use(protectPages, compress());
  for (const asset of Object.values(assets)) site.get(asset.path, (at) => sendAsset(at, asset));
  for (const page of pages) site.get(page.path, (context) => answers.show(context, page));
  for (const live of lives) site.get(live.path, (context) => answers.follow(context, live));
  for (const action of actions) site.post(action.path, (context) => answers.act(context, action));
  if (queueBoard !== undefined) site.route('/', queueBoard);
  site.all('*', () => {
    throw new ProblemError({ status: 404, detail: 'there is nothing at this address' });
  });
  const answerFailure = createFailureAnswer(log);
  site.onError((error, context) => {
    const problem = answerFailure(error, context);
    if (!wantsPage(context)) return problem;
    if (problem.status === 401) return leadToSignIn(context);
    const detail = toProblem(error)?.detail;
    const html = renderErrorPage(frameOf(context), errorNoteOf(problem.status, detail));
    for (const [name, value] of problem.headers) context.header(name, value);
    return context.html(html, problem.status as ContentfulStatusCode);
  });
  return site;

  function leadToSignIn(context: PageContext): Response {
    const path = signInPath(context);
    const goesOn = context.req.method === 'GET' || context.get('canRenew') !== true;
    if (goesOn) return context.redirect(path, 303);
    // Browsers let no form lead to another host, and signing in leads to the provider.
    context.header('refresh', `0; url=${path}`);
    return context.html(renderErrorPage(frameOf(context), errorNoteOf(401, undefined)), 401);
  }

  function frameOf(context: PageContext): Frame {
    const [caller, formToken] = [context.get('caller'), context.get('formToken')];
    const hasQueueBoard = queueBoard !== undefined && caller?.role === 'operator';
    return { caller, formToken, at: now(), version, assets, simulated: false, hasQueueBoard };
  }
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
