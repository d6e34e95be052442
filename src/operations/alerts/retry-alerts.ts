import { z } from 'zod';
import { alertingOf } from '../../record/outbox/alerting.ts';
import {
  type RetriedAlerts,
  type RetryRequest,
  requeueAlerts,
} from '../../record/outbox/retry-alert.ts';
import { asJson } from '../answers.ts';
import { defineOperation, type Means } from '../operation.ts';
import { retriedAlertsShape } from '../shapes/alerts.ts';

const mostNamed = 500;
const alertId = z.string().max(100);

/** Sends an alert again. Throws `RequestRefused` if that is not allowed. */
export const retryAlert = defineOperation({
  about: 'Sends an alert again.',
  access: 'write',
  method: 'POST',
  path: 'alerts/{id}/retry',
  input: z.strictObject({ id: alertId }),
  shape: retriedAlertsShape,
  answer: asJson<RetriedAlerts>(),
  run: (means, { id }) => retryAndWake(means, { kind: 'these', ids: [id] }),
});

/** Sends the named alerts again, all or none; or the failed ones, a part at a time. */
export const retryAlerts = defineOperation({
  about: 'Sends these alerts again, or the failed ones, a part at a time.',
  access: 'write',
  method: 'POST',
  path: 'alerts/retries',
  input: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('these'), ids: z.array(alertId).min(1).max(mostNamed) }),
    z.strictObject({
      kind: z.literal('failed'),
      channel: z.string().max(1_000).optional(),
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional(),
    }),
  ]),
  shape: retriedAlertsShape,
  answer: asJson<RetriedAlerts>(),
  run: retryAndWake,
});

async function retryAndWake(
  { database, config, wake }: Means,
  request: RetryRequest,
): Promise<RetriedAlerts> {
  const retried = await requeueAlerts(database, request, alertingOf(config));
  await wake.alerts(retried.queued).catch(() => undefined);
  return retried;
}
