import { z } from 'zod';
import { readHeldSweeps } from '../../record/reads/read-alerts.ts';
import type { HeldSweep } from '../../report/alerts-model.ts';
import { asList } from '../answers.ts';
import { defineOperation } from '../operation.ts';

/** The sweeps whose alerts are held. */
export const heldSweeps = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'held-sweeps',
  input: z.strictObject({}),
  answer: asList<HeldSweep>('openedAt'),
  run: ({ database }) => readHeldSweeps(database),
});
