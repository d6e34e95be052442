import { z } from 'zod';
import { closeEarly } from '../../record/closing/close-early.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import { listSweeps } from '../../record/reads/list-sweeps.ts';
import { mostListed } from '../../report/alerts-model.ts';
import { listedSweepRow } from '../../report/json.ts';
import type { ListedSweep, StoppedSweep } from '../../report/model.ts';
import { asItems, asJson } from '../answers.ts';
import { defineList, defineOperation } from '../operation.ts';

/** The newest sweeps, open or closed. */
export const sweeps = defineList({
  access: 'read',
  method: 'GET',
  path: 'sweeps',
  input: z.strictObject({
    limit: z.coerce.number().int().min(1).max(mostListed).default(100),
  }),
  items: asItems<ListedSweep>(listedSweepRow, 'dueAt', 'openedAt', 'closedAt', 'stoppedAt'),
  run: ({ database }, { limit }) => listSweeps(database, limit),
});

/**
 * Closes a running sweep, named by the beginning of its id. Throws `RequestRefused` if there is no
 * such sweep, or if it had closed by itself.
 */
export const stopSweep = defineOperation({
  access: 'write',
  method: 'DELETE',
  path: 'sweeps/{id}',
  input: z.strictObject({ id: z.string().max(100) }),
  answer: asJson<StoppedSweep>('closedAt'),
  async run({ database, config, wake }, { id }) {
    const { stopped, alerts } = await closeEarly(database, id, alertingOf(config));
    await wake.alerts(alerts).catch(() => undefined);
    return stopped;
  },
});
