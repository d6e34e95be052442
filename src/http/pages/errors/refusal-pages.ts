import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { CallerEnv } from '../../caller-env.ts';
import { toProblem } from '../../problems/to-problem.ts';
import { createFrames, type FrameParts } from '../layout/frames.ts';
import { withQuery } from '../paths.ts';
import { setPageHeaders } from '../protect-pages.ts';
import { errorNoteOf } from './error-notes.ts';
import { renderErrorPage } from './error-page.tsx';
import { planBack } from './plan-back.ts';

type PageContext = Context<CallerEnv>;

/** Makes of a problem what a browser shows: a page that says how to go on, or the way to sign in. */
export function createRefusalPages(parts: FrameParts) {
  const frameOf = createFrames(parts);
  return (context: PageContext, problem: Response, error: Error): Response => {
    const back = planBack(context.req.header('referer'), context.req.header('host'));
    if (problem.status === 401) return context.redirect(signInPath(context, back), 303);
    for (const [name, value] of problem.headers) context.header(name, value);
    setPageHeaders(context);
    const note = errorNoteOf(problem.status, toProblem(error));
    const html = renderErrorPage(frameOf(context), note, isSafe(context) ? '/' : back);
    return context.html(html, problem.status as ContentfulStatusCode) as Response;
  };
}

/** The sign-in page, which leads back here. A form is not sent again: its page says so. */
function signInPath(context: PageContext, back: string): string {
  const { pathname, search } = new URL(context.req.url);
  return isSafe(context)
    ? withQuery('/sign-in', { next: pathname + search })
    : withQuery('/sign-in', { next: back, unsent: '' });
}

function isSafe({ req }: PageContext): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}
