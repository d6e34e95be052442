import { z } from 'zod';
import { readHeldSweeps } from '../../record/reads/read-alerts.ts';
import type { HeldSweep } from '../../report/alerts-model.ts';
import { asList } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { heldSweepShape } from '../shapes/alerts.ts';

/** The sweeps whose alerts are held. */
export const heldSweeps = defineOperation({
  about: 'Lists the sweeps whose alerts are held because of an anomaly.',
  access: 'read',
  method: 'GET',
  path: 'held-sweeps',
  input: z.strictObject({}),
  shape: heldSweepShape,
  answer: asList<HeldSweep>('openedAt'),
  run: ({ database }) => readHeldSweeps(database),
});
