import type { Context } from 'hono';
import type { Caller } from '../../operations/caller.ts';
import type { CallerEnv } from '../caller-env.ts';
import { ProblemError } from '../problems/problem.ts';

/** Who asks. Throws a 401 for somebody who showed nothing. */
export function assertSignedIn(context: Context<CallerEnv>): Caller {
  const caller = context.get('caller');
  if (caller !== undefined) return caller;
  throw new ProblemError({
    status: 401,
    detail: 'sign in first',
    headers: { 'www-authenticate': 'Bearer realm="keysweep"' },
  });
}
