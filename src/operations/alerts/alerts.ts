import { z } from 'zod';
import { readAlerts } from '../../record/reads/read-alerts.ts';
import { alertStates, type ListedAlert, mostListed } from '../../report/alerts-model.ts';
import { alertRow } from '../../report/json.ts';
import { asItems, several } from '../answers.ts';
import { defineList } from '../operation.ts';

/** Alerts in these states, or in any, newest first. */
export const alerts = defineList({
  access: 'read',
  method: 'GET',
  path: 'alerts',
  input: z.strictObject({
    state: several(z.enum(alertStates)).default([]),
    channel: z.string().max(1_000).optional(),
    sweep: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(mostListed).default(100),
  }),
  items: asItems<ListedAlert>(alertRow, 'plannedAt', 'nextAt', 'endedAt'),
  run: ({ database }, { state, ...filter }) => readAlerts(database, { ...filter, states: state }),
});
