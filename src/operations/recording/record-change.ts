import { InvalidPolicy } from '../../evaluate/policy/parse-policy.ts';
import {
  type ChangeEnd,
  endWithin,
  recordAsked,
  recordEnd,
} from '../../record/audit-log/record-asked.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { identify } from '../caller.ts';
import type { Means } from '../operation.ts';
import { boundInput, boundPerson, boundText } from './bound-input.ts';

/**
 * Makes a change that somebody asks for, and keeps who asked, and how it ended. Without a record
 * there is no change.
 */
export async function recordChange<Value>(
  means: Means,
  { what, input }: { readonly what: string; readonly input: unknown },
  run: (means: Means) => Promise<Value>,
): Promise<Value> {
  const { database, caller } = means;
  const id = await recordAsked(database.db, {
    who: boundText(caller.name),
    role: caller.role,
    asserted: assertedIn(input),
    ...boundPerson(identify(caller)),
    what,
    input: boundInput(input),
    origin: boundText(caller.from),
  });
  // The change has its outcome already. Without the database, the record stays as it is.
  const end = (ended: ChangeEnd) => recordEnd(database.db, id, ended).catch(() => undefined);
  try {
    const value = await run({ ...means, database: endWithin(database, id) });
    await end(endOf(value));
    return value;
  } catch (error) {
    await end(toEnd(error));
    throw error;
  }
}

/** The fields in which a request says by itself who asks. */
const assertedFields = ['by', 'requestedBy'];

export function assertedIn(input: unknown): string | null {
  const fields = new Map<string, unknown>(Object.entries(input ?? {}));
  const name = assertedFields.map((field) => fields.get(field)).find((one) => one != null);
  return typeof name === 'string' ? boundText(name) : null;
}

/** `problem`: what an operation tried in vain, such as to reach a channel. */
function endOf(value: unknown): ChangeEnd {
  const { request, problem } = (value ?? {}) as { readonly request?: unknown; problem?: unknown };
  if (typeof problem === 'string') return { outcome: 'failed', reason: boundText(problem, 500) };
  return { outcome: 'done', requestId: typeof request === 'string' ? request : undefined };
}

/** The message of an error that nobody expected may hold what must not be kept. */
function toEnd(error: unknown): ChangeEnd {
  if (error instanceof RequestRefused || error instanceof InvalidPolicy) {
    return { outcome: 'refused', reason: boundText(error.message, 500) };
  }
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return { outcome: 'failed', reason: boundText(String(code ?? name)) };
}
