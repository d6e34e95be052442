import { z } from 'zod';
import { type PendingKeys, readPending } from '../../record/reads/read-pending.ts';
import { type RequestProgress, readProgress } from '../../record/sweeps/requests.ts';
import { asJson } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pendingShape, progressShape } from '../shapes/sweeps.ts';

/** The id of a request. A text that is not a UUID matches no request. */
const input = z.strictObject({ id: z.string().max(100) });
const uuid = z.uuid();
const isId = (id: string) => uuid.safeParse(id).success;

/** The progress of a request. */
export const progress = defineOperation({
  about: 'Says how far the sweep of a request has come.',
  access: 'read',
  method: 'GET',
  path: 'requests/{id}',
  input,
  shape: progressShape,
  answer: asJson<RequestProgress>(),
  run: async ({ database }, { id }) => (isId(id) ? readProgress(database, id) : undefined),
});

/** The keys that the sweep of a request waits for. It reads every key, so do not ask often. */
export const pending = defineOperation({
  about: 'Counts the keys that the sweep of a request waits for, by reason.',
  access: 'read',
  method: 'GET',
  path: 'requests/{id}/pending',
  input,
  shape: pendingShape,
  answer: asJson<PendingKeys>('deadlineAt'),
  run: async ({ database }, { id }) => (isId(id) ? readPending(database, id) : undefined),
});
