import type { HonoRequest } from 'hono';
import { ProblemError } from '../problems/problem.ts';

type FormValue = string | File;

/** The fields of a form, each with all its values; a body that is no form has none. */
export async function readForm(
  req: HonoRequest,
): Promise<Readonly<Record<string, FormValue | FormValue[]>>> {
  try {
    return await req.parseBody({ all: true });
  } catch {
    // Whatever stands there, its sender wrote it.
    throw new ProblemError({ status: 400, detail: 'the form cannot be read' });
  }
}
