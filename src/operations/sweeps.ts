import { z } from 'zod';
import { type ListedSweep, listSweeps } from '../record/reads/list-sweeps.ts';
import { asList } from './answers.ts';
import { defineOperation } from './operation.ts';

/** The newest sweeps, open or closed. */
export const sweeps = defineOperation({
  access: 'read',
  method: 'GET',
  path: 'sweeps',
  input: z.strictObject({}),
  answer: asList<ListedSweep>('dueAt', 'openedAt', 'closedAt'),
  run: ({ database }) => listSweeps(database),
});
