import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import { framesOf } from '../../text/frames-of.ts';
import { answerProblem, nothingHere } from './problem.ts';
import { toProblem } from './to-problem.ts';

/** Answers what a route threw. What nobody expected is logged, and told without its words. */
export function createFailureAnswer(log: Logger) {
  return (error: Error, context: Context): Response => {
    const problem = toProblem(error);
    if (problem !== undefined) return answerProblem(problem);
    const instance = `urn:uuid:${randomUUID()}`;
    // A client that left in the middle of its request is no failure of ours.
    if (!context.req.raw.signal.aborted) {
      log.error({ ...fieldsOf(error, context), instance }, 'a request failed');
    }
    return answerProblem({ status: 500, detail: 'internal error', instance });
  };
}

/** Logs that an answer failed after its beginning was sent: its client cannot hear why any more. */
export function logCutAnswer(log: Logger, error: unknown, context: Context): void {
  const problem = toProblem(error);
  const fields = fieldsOf(error instanceof Error ? error : new Error('unknown'), context);
  const said = problem === undefined ? fields : { ...fields, detail: problem.detail };
  log[problem === undefined ? 'error' : 'warn'](said, 'an answer was cut off');
}

function fieldsOf(error: Error, context: Context) {
  const { code = error.name } = error as { readonly code?: unknown };
  const paths = matchedRoutes(context).map(({ path }) => path);
  const route = paths.findLast((path) => !path.endsWith('*')) ?? paths.at(-1);
  return { method: context.req.method, route, code: String(code), stack: framesOf(error) };
}

/** Answers where no route is. */
export function answerNotFound(): Response {
  return answerProblem(nothingHere);
}
