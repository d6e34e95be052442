import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Logger } from 'pino';
import { assertPermitted, type Caller } from '../../operations/caller.ts';
import { type OperationName, registry } from '../../operations/index.ts';
import type { OperationsFor } from '../../operations/local.ts';
import { type NoteDenied, permit } from '../../operations/recording/permit.ts';
import { hasSimulatedSweeps } from '../../record/reads/pages/read-simulated.ts';
import type { CallerEnv } from '../caller-env.ts';
import { logCutAnswer } from '../problems/answer-failure.ts';
import { ProblemError } from '../problems/problem.ts';
import { assertSignedIn } from '../session/assert-signed-in.ts';
import { limitForm } from '../session/limit-form.ts';
import { readForm } from '../session/read-form.ts';
import type { ActionEntry } from './actions/action-entry.ts';
import type { KeptBacktests } from './backtest/keep-backtests.ts';
import { readFormFields } from './forms/form-fields.ts';
import type { FrameParts } from './layout/frames.ts';
import type { Frame } from './layout/page.tsx';
import type { LiveEntry } from './live/live-entry.ts';
import { sendChanges } from './live/send-changes.ts';
import type { PageEntry, PageMeans, PageReads } from './page-entry.ts';

export interface PagesParts extends FrameParts {
  readonly means: PageMeans;
  readonly operationsFor: OperationsFor;
  readonly backtests: KeptBacktests;
  /** Routes that show the queue; undefined where nobody may look into it. */
  readonly queueBoard?: Hono<CallerEnv> | undefined;
  /** Hears of what a role does not permit. */
  readonly noteDenied: NoteDenied;
  readonly log: Logger;
}

export type PageContext = Context<CallerEnv>;

/** Each is read every second. */
const mostFollowed = 200;

/** Answers for callers who have signed in; what they may not do throws. */
export function createAnswers(
  { means, operationsFor, backtests, noteDenied, log, now }: PagesParts,
  frameOf: (context: PageContext) => Frame,
) {
  let simulated = false;
  let followed = 0;

  async function frameFor(context: PageContext): Promise<Frame> {
    simulated ||= await hasSimulatedSweeps(means.database);
    return { ...frameOf(context), simulated };
  }

  function readsFor(caller: Caller): PageReads {
    const { database, config } = means;
    return { database, config, backtests, operations: operationsFor(caller) };
  }

  function permitReading(caller: Caller, what: OperationName | undefined): void {
    assertPermitted(caller, 'read');
    if (what !== undefined) permit(caller, { what, access: registry[what].access }, noteDenied);
  }

  return {
    async show(context: PageContext, page: PageEntry): Promise<Response> {
      const started = performance.now();
      const caller = assertSignedIn(context);
      permitReading(caller, page.what);
      const { req } = context;
      const query = new URL(req.url).searchParams;
      const request = { frame: await frameFor(context), params: req.param(), query };
      const shown = await page.show(request, readsFor(caller));
      if (shown === undefined) throw notKept;
      const ms = Math.round((performance.now() - started) * 10) / 10;
      context.header('server-timing', `page;dur=${ms}`);
      context.header('cache-control', notKeptByBrowsers);
      return context.html(shown.html, shown.status);
    },

    async act(context: PageContext, action: ActionEntry): Promise<Response> {
      const caller = assertSignedIn(context);
      const { what } = action;
      permit(caller, { what, access: registry[what].access }, noteDenied);
      // With a session, `checkForm` has read the form.
      if (context.get('formToken') === undefined) await limitForm(context, async () => undefined);
      const form = readFormFields(await readForm(context.req));
      const frame = await frameFor(context);
      const answered = await action.run({ frame, form }, readsFor(caller));
      if (answered.kind === 'go') return context.redirect(answered.to, 303);
      context.header('cache-control', notKeptByBrowsers);
      return context.html(answered.html);
    },

    /** Sends a part of a page whenever it has changed, until it changes no more. */
    follow(context: PageContext, live: LiveEntry): Response {
      const caller = assertSignedIn(context);
      permitReading(caller, live.what);
      if (followed >= mostFollowed) throw tooMany;
      followed += 1;
      const read = () => live.read(context.req.param(), readsFor(caller), now());
      return streamSSE(context, async (stream) => {
        // The browser asks again for what was cut off.
        await sendChanges(stream, read)
          .catch((error: unknown) => logCutAnswer(log, error, context))
          .finally(() => {
            followed -= 1;
          });
      });
    },
  };
}

/** After signing out, the back button must show nothing of this page. */
const notKeptByBrowsers = 'private, no-store';

const notKept = new ProblemError({ status: 404, detail: 'it is not kept' });
const tooMany = new ProblemError({
  status: 503,
  detail: 'too many pages are kept up to date',
  headers: { 'retry-after': '30' },
});
