import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { InvalidPolicy } from '../../evaluate/policy/parse-policy.ts';
import { absentCode, writeItems } from '../../operations/answers.ts';
import { type OperationName, type Operations, registry } from '../../operations/index.ts';
import type { AnyOperation } from '../../operations/operation.ts';
import { RequestRefused, StoreUnusable } from '../../record/store/errors.ts';
import { parse, readInput } from './parse-asked.ts';
import { streamText } from './stream-text.ts';

const mostBodyBytes = 4 * 1_024 * 1_024;

/**
 * The API under `/api/v1`: a route for each operation of the registry. While there are no
 * `operations` (the store is not open yet or any more), it answers 503.
 */
export function createApi(operations: () => Operations | undefined): Hono {
  const api = new Hono();
  api.use(bodyLimit({ maxSize: mostBodyBytes }));
  for (const [name, operation] of Object.entries(registry)) {
    const path = `/${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    api.on(operation.method, path, (context) => {
      const ready = operations();
      if (ready === undefined) throw new HTTPException(503, { message: 'the store is not open' });
      return answer(context, operation, ready[name as OperationName]);
    });
  }
  api.notFound((context) => context.json({ error: 'not found' }, 404));
  api.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
    if (error instanceof RequestRefused || error instanceof InvalidPolicy) {
      return context.json({ error: error.message }, 422);
    }
    // As where this process leaves: the next one that opens the store answers, or says why it cannot.
    if (error instanceof StoreUnusable) return context.json({ error: error.message }, 503);
    return context.json({ error: 'internal error' }, 500);
  });
  return api;
}

async function answer(
  context: Context,
  operation: AnyOperation,
  operate: Operations[OperationName],
): Promise<Response> {
  const input = parse(operation.input, await readInput(context));
  if ('items' in operation) {
    const items = (operate as (input: unknown) => AsyncIterable<unknown>)(input);
    return streamText(writeItems(items, operation.items.write));
  }
  const call = operate as (input: unknown, once?: string) => Promise<unknown>;
  const value = await call(input, once(context));
  if (value === undefined || value === null) {
    return context.json({ error: 'not found', code: absentCode }, 404);
  }
  return streamText(operation.answer.write(value), operation.status);
}

/** A client that got no answer repeats its request with the same key. */
function once({ req }: Context): string | undefined {
  return parse(z.string().min(1).max(255).optional(), req.header('idempotency-key'));
}
