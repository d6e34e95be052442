import { z } from 'zod';
import { type PendingKeys, readPending } from '../../record/reads/read-pending.ts';
import { type RequestProgress, readProgress } from '../../record/sweeps/requests.ts';
import { asJson } from '../answers.ts';
import { defineOperation } from '../operation.ts';

/** The id of a request. A text that is not a UUID matches no request. */
const input = z.strictObject({ id: z.string().max(100) });
const uuid = z.uuid();
const isId = (id: string) => uuid.safeParse(id).success;

/** The progress of a request. */
export const progress = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'requests/{id}',
  input,
  answer: asJson<RequestProgress>(),
  run: async ({ database }, { id }) => (isId(id) ? readProgress(database, id) : undefined),
});

/** The keys that the sweep of a request waits for. It reads every key, so do not ask often. */
export const pending = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'requests/{id}/pending',
  input,
  answer: asJson<PendingKeys>('deadlineAt'),
  run: async ({ database }, { id }) => (isId(id) ? readPending(database, id) : undefined),
});
