import { planReturn } from '../../sign-in/plan-return.ts';

/**
 * The page of this host that a form stood on, from the `Referer`; the overview, if that is unknown
 * or was itself the answer to a form; a question before a change has a query.
 */
export function planBack(referer: string | undefined, host: string | undefined): string {
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const page = new URL(referer);
  const isAnswer = page.pathname.startsWith('/actions/') && page.search === '';
  return page.host === host && !isAnswer ? planReturn(page.pathname + page.search) : '/';
}
