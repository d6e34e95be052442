import { z } from 'zod';
import { readOutcome } from '../../record/reads/read-alerts.ts';
import type { AlertOutcome } from '../../report/alerts-model.ts';
import { asJson } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { alertOutcomeShape } from '../shapes/alerts.ts';
import { alerts } from './alerts.ts';

const mostWatched = 10_000;
const plain = asJson<AlertOutcome>();

/** The progress of delivery of these alerts; `soon` counts those that are due within `withinMs`. */
export const outcome = defineOperation({
  about: 'Counts how far the delivery of these alerts has come.',
  access: 'read',
  // The ids are too many for a URL.
  method: 'POST',
  path: 'alerts/outcomes',
  input: z.strictObject({
    ids: z.array(z.uuid()).max(mostWatched),
    withinMs: z.int().nonnegative(),
  }),
  shape: alertOutcomeShape,
  answer: {
    write: plain.write,
    read(json) {
      const { left, ...counts } = plain.read(json);
      return { ...counts, left: left.map(alerts.items.read) };
    },
  },
  run: ({ database }, { ids, withinMs }) => readOutcome(database, ids, withinMs),
});
