import { z } from 'zod';
import { closeEarly } from '../../record/closing/close-early.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import { resolveFilter } from '../../record/reads/lists/known-names.ts';
import { readSweepsPage } from '../../record/reads/lists/read-sweeps-page.ts';
import { listedSweepRow } from '../../report/json.ts';
import type { ListedSweep, StoppedSweep } from '../../report/model.ts';
import { asItems, asJson, several } from '../answers.ts';
import { knownNames, names } from '../filters.ts';
import { defineList, defineOperation } from '../operation.ts';
import { listedSweepShape, stoppedSweepShape } from '../shapes/sweeps.ts';

/** Sweeps, open or closed, newest first. Throws `RequestRefused` if the schedule is unknown. */
export const sweeps = defineList({
  about: 'Lists sweeps, running or closed, newest first.',
  access: 'read',
  method: 'GET',
  path: 'sweeps',
  input: z.strictObject({
    schedule: names,
    status: several(z.enum(['open', 'complete', 'incomplete']))
      .readonly()
      .optional(),
    scope: several(z.enum(['full', 'partial']))
      .readonly()
      .optional(),
    trigger: several(z.enum(['schedule', 'request', 'catch-up']))
      .readonly()
      .optional(),
  }),
  shape: listedSweepShape,
  items: asItems<ListedSweep>(listedSweepRow, 'dueAt', 'openedAt', 'closedAt', 'stoppedAt'),
  async run({ database, config }, filter, asked) {
    const resolved = await resolveFilter(database, filter, knownNames(config));
    return readSweepsPage(database, resolved, asked);
  },
});

/**
 * Closes a running sweep, named by the beginning of its id. Throws `RequestRefused` if there is no
 * such sweep, or if it had closed by itself.
 */
export const stopSweep = defineOperation({
  about: 'Stops a running sweep: it closes at once, and its pending keys are unknown.',
  access: 'write',
  method: 'DELETE',
  path: 'sweeps/{id}',
  input: z.strictObject({ id: z.string().max(100) }),
  shape: stoppedSweepShape,
  answer: asJson<StoppedSweep>('closedAt'),
  async run({ database, config, wake }, { id }) {
    const { stopped, alerts } = await closeEarly(database, id, alertingOf(config));
    await wake.alerts(alerts).catch(() => undefined);
    return stopped;
  },
});
