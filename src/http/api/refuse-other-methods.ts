import type { Env, Hono } from 'hono';
import { ProblemError } from '../problems/problem.ts';

/** Answers 405, with the methods that there are, at every path that the routes have so far. */
export function refuseOtherMethods<E extends Env>(routes: Hono<E>): Hono<E> {
  const methodsAt = new Map<string, Set<string>>();
  for (const { path, method } of routes.routes) {
    if (method === 'ALL') continue;
    const methods = methodsAt.get(path) ?? new Set();
    methodsAt.set(path, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  // Added last, so that another pattern that has the method comes first.
  for (const [path, methods] of methodsAt) {
    const allow = [...methods].sort().join(', ');
    routes.all(path, ({ req }) => {
      const detail = `${req.method} is not possible here, but ${allow}`;
      throw new ProblemError({ status: 405, detail, headers: { allow } });
    });
  }
  return routes;
}
