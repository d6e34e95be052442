import { Hono } from 'hono';
import { localCaller } from '../../operations/caller.ts';
import type { CallerEnv } from '../caller-env.ts';
import { answerNotFound, createFailureAnswer } from '../problems/answer-failure.ts';
import { type ApiParts, createApi } from './create-api.ts';

/** The API on the Unix socket, which only the user of this process can open. */
export function createSocketApi(parts: ApiParts): Hono<CallerEnv> {
  const api = new Hono<CallerEnv>();
  api.onError(createFailureAnswer(parts.log));
  api.notFound(answerNotFound);
  api.use(async (context, next) => {
    context.set('caller', localCaller('socket'));
    await next();
  });
  return api.route('/api/v1', createApi(parts));
}
