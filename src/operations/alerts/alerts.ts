import { z } from 'zod';
import { readAlertsPage } from '../../record/reads/lists/read-alerts-page.ts';
import { alertStates, type ListedAlert } from '../../report/alerts-model.ts';
import { alertRow } from '../../report/json.ts';
import { asItems, several } from '../answers.ts';
import { names } from '../filters.ts';
import { defineList } from '../operation.ts';

/** The alerts of the outbox, newest first. Throws `RequestRefused` if the sweep is unknown. */
export const alerts = defineList({
  access: 'read',
  method: 'GET',
  path: 'alerts',
  input: z.strictObject({
    state: several(z.enum(alertStates)).readonly().optional(),
    channel: names,
    type: names,
    sweep: z.string().max(100).optional(),
  }),
  items: asItems<ListedAlert>(alertRow, 'plannedAt', 'nextAt', 'endedAt'),
  run: ({ database }, filter, asked) => readAlertsPage(database, filter, asked),
});
