import { z } from 'zod';
import { type AuditRequest, writeRequest } from '../../record/sweeps/requests.ts';
import { asJson } from '../answers.ts';
import { actorOf } from '../caller.ts';
import { defineOperation, type Means } from '../operation.ts';
import { requestedShape } from '../shapes/sweeps.ts';

const text = z.string().max(1_000);

/** The fields that every request may have. */
export const requestWords = {
  reason: text.nullable().default(null),
  requestedBy: text.nullable().default(null),
};

export interface Requested {
  /** The id of the request. */
  readonly request: string;
}

const hash = z.string().max(100).nullable().default(null);

/** See `RequestedFiles`. */
const files = z.strictObject({
  policy: hash,
  inventory: hash,
  replacesInventory: z.boolean().default(false),
});

/** Asks for a sweep of every tracked key. */
export const sweep = defineOperation({
  about: 'Asks for a sweep of every tracked key.',
  access: 'write',
  method: 'POST',
  path: 'sweeps',
  input: z.strictObject({ ...requestWords, files: files.optional() }),
  status: 202,
  shape: requestedShape,
  answer: asJson<Requested>(),
  run: (means, words, once) => writeAndWake(means, { ...words, keys: undefined }, once),
});

/** Stores a request and queues the job that opens its sweep. */
export async function writeAndWake(
  { database, wake, caller }: Means,
  asked: AuditRequest,
  once: string | undefined,
): Promise<Requested> {
  // The audit record keeps the name that the request gives.
  const { requestedBy } = asked;
  const { by, known, subject, mail } = actorOf(
    caller,
    requestedBy === caller.name ? null : requestedBy,
  );
  const request = { ...asked, requestedBy: by, known, subject, mail };
  const id = await writeRequest(database, request, once === undefined ? null : `once ${once}`);
  await wake.request(id).catch(() => undefined);
  return { request: id };
}
