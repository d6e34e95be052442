import { z } from 'zod';
import { releaseSweep } from '../../record/closing/release-sweep.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import type { WrittenAlert } from '../../record/outbox/write-alerts.ts';
import { asList } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { writtenAlertShape } from '../shapes/alerts.ts';

/** Sends the alerts of a held sweep, named by the beginning of its id. Throws `RequestRefused` if the sweep is not held. */
export const release = defineOperation({
  about: 'Sends the alerts of a held sweep.',
  access: 'write',
  method: 'POST',
  path: 'sweeps/{id}/release',
  input: z.strictObject({ id: z.string() }),
  shape: writtenAlertShape,
  answer: asList<WrittenAlert>(),
  async run({ database, config, wake }, { id }) {
    const released = await releaseSweep(database, id, alertingOf(config));
    await wake.alerts(released).catch(() => undefined);
    return released;
  },
});
