import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import { framesOf } from '../../text/frames-of.ts';
import { answerProblem } from './problem.ts';
import { toProblem } from './to-problem.ts';

/** Answers what a route threw. What nobody expected is logged, and told without its words. */
export function createFailureAnswer(log: Logger) {
  return (error: Error, context: Context): Response => {
    const problem = toProblem(error);
    if (problem !== undefined) return answerProblem(problem);
    const instance = `urn:uuid:${randomUUID()}`;
    // A client that left in the middle of its request is no failure of ours.
    if (!context.req.raw.signal.aborted) {
      const { code } = error as { readonly code?: unknown };
      const route = matchedRoutes(context).at(-1)?.path;
      const fields = { method: context.req.method, route, instance };
      log.error(
        { ...fields, code: typeof code === 'string' ? code : error.name, stack: framesOf(error) },
        'a request failed',
      );
    }
    return answerProblem({ status: 500, detail: 'internal error', instance });
  };
}

export function answerNotFound(): Response {
  return answerProblem({ status: 404, detail: 'there is nothing at this address' });
}
