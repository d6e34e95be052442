import { z } from 'zod';
import { type PendingKeys, readPending } from '../record/reads/read-pending.ts';
import { type RequestProgress, readProgress } from '../record/sweeps/requests.ts';
import { asJson } from './answers.ts';
import { defineOperation } from './operation.ts';

/** The id of a request. A text that is no UUID is the id of none. */
const input = z.strictObject({ id: z.string().max(100) });
const uuid = z.uuid();
const isId = (id: string) => uuid.safeParse(id).success;

/** How far a request has come. */
export const progress = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'requests/{id}',
  input,
  answer: asJson<RequestProgress>(),
  run: async ({ database }, { id }) => (isId(id) ? readProgress(database, id) : undefined),
});

/** What the sweep of a request waits for. It looks at each key, so do not ask every moment. */
export const pending = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'requests/{id}/pending',
  input,
  answer: asJson<PendingKeys>('deadlineAt'),
  run: async ({ database }, { id }) => (isId(id) ? readPending(database, id) : undefined),
});
