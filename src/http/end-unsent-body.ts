import type { MiddlewareHandler } from 'hono';

/** Ends the body that an answer to HEAD leaves out; what makes it would wait for a reader for ever. */
export const endUnsentBody: MiddlewareHandler = async (context, next) => {
  await next();
  if (context.req.method === 'HEAD') await context.res.body?.cancel();
};
