import { timingSafeEqual } from 'node:crypto';
import type { HonoRequest, MiddlewareHandler } from 'hono';
import type { CallerEnv } from '../caller-env.ts';
import { ProblemError } from '../problems/problem.ts';
import { formTokenField } from './form-token-field.ts';
import { limitForm } from './limit-form.ts';
import { unmaskFormToken } from './mask-form-token.ts';
import { readForm } from './read-form.ts';

/** The form does not carry the token of the session. */
export const staleFormCode = 'KEYSWEEP_FORM';

/** In which a script sends the token. */
const header = 'x-form-token';

const safe: readonly string[] = ['GET', 'HEAD'];

/**
 * Refuses a change by a session whose request does not carry the token of that session: a page that
 * makes a browser send its cookie does not know the token. `except` are paths that need no session.
 */
export function checkForm(except: readonly string[]): MiddlewareHandler<CallerEnv> {
  return async (context, next) => {
    const expected = context.get('formToken');
    const { req } = context;
    if (expected !== undefined && !safe.includes(req.method) && !except.includes(req.path)) {
      await limitForm(context, async () => undefined);
      const given = req.header(header) ?? (await readField(req));
      if (!isEqual(unmaskFormToken(given), expected)) {
        const detail = 'this form is out of date: load its page again';
        throw new ProblemError({ status: 403, detail, code: staleFormCode });
      }
    }
    await next();
  };
}

/** Empty for a body that is no form. */
async function readField(req: HonoRequest): Promise<string> {
  const field = (await readForm(req))[formTokenField];
  return typeof field === 'string' ? field : '';
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
