import { z } from 'zod';
import { alertStates, mostListedAlerts } from '../report/alerts-model.ts';

const mostNamed = 500;
const mostWatched = 10_000;

/** Which alerts are listed, as the query of an address. */
export const alertsQuery = z.strictObject({
  state: z.array(z.enum(alertStates)).default([]),
  channel: z.string().max(1_000).optional(),
  sweep: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(mostListedAlerts).default(100),
});

/** Alerts to be sent again: some by their ids, or all that failed. */
export const retryRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('these'),
    ids: z.array(z.string().max(100)).min(1).max(mostNamed),
  }),
  z.strictObject({
    kind: z.literal('failed'),
    channel: z.string().max(1_000).optional(),
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
  }),
]);

export const outcomeRequest = z.strictObject({
  ids: z.array(z.uuid()).max(mostWatched),
  withinMs: z.int().nonnegative(),
});
