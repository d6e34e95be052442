import type { Context, HonoRequest } from 'hono';
import type { z } from 'zod';
import { ProblemError } from '../problems/problem.ts';
import { renderInputFaults } from '../problems/render-input-faults.ts';

/**
 * The input of a request: the fields of its path, and of its body (POST) or its query. A name that
 * occurs several times in the query is a list.
 */
export async function readInput({ req }: Context): Promise<unknown> {
  const given = req.method === 'POST' ? await readBody(req) : readQuery(req.queries());
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  return isObject ? { ...given, ...req.param() } : given;
}

function readQuery(query: Readonly<Record<string, string[]>>): object {
  return Object.fromEntries(
    Object.entries(query).map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
}

/** An empty body is an empty object. Throws 415 and 400 if the body is not JSON. */
async function readBody(req: HonoRequest): Promise<unknown> {
  const text = await req.text();
  if (text.trim() === '') return {};
  const type = req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ProblemError({ status: 415, detail: 'the body must be application/json' });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError({ status: 400, detail: 'the body is not JSON' });
  }
}

/** The value, checked against the schema; throws 400 with the faults. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError({ status: 400, detail: renderInputFaults(parsed.error) });
}
