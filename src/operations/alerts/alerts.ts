import { z } from 'zod';
import { readAlertsPage } from '../../record/reads/lists/read-alerts-page.ts';
import { alertStates, type ListedAlert } from '../../report/alerts-model.ts';
import { alertRow } from '../../report/json.ts';
import { asItems, several } from '../answers.ts';
import { names } from '../filters.ts';
import { defineList } from '../operation.ts';
import { alertShape } from '../shapes/alerts.ts';

/** The alerts of the outbox, newest first. Throws `RequestRefused` if the sweep is unknown. */
export const alerts = defineList({
  about: 'Lists alerts, newest first: what was sent, what waits and what failed.',
  access: 'read',
  method: 'GET',
  path: 'alerts',
  input: z.strictObject({
    state: several(z.enum(alertStates)).readonly().optional(),
    channel: names,
    type: names,
    sweep: z.string().max(100).optional(),
  }),
  shape: alertShape,
  items: asItems<ListedAlert>(alertRow, 'plannedAt', 'nextAt', 'endedAt'),
  run: ({ database }, filter, asked) => readAlertsPage(database, filter, asked),
});
