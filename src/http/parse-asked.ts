import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';

/** What a request says in its body; nothing is an empty object. Throws 400 for what is no JSON. */
export async function readBody(request: { text(): Promise<string> }): Promise<unknown> {
  const body = await request.text();
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new HTTPException(400, { message: 'the body is not JSON' });
  }
}

/** A value that is as it should be; throws 400 with what is wrong with it. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HTTPException(400, { message: z.prettifyError(parsed.error) });
}
