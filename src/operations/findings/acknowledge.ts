import { z } from 'zod';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import { acknowledgeFinding } from '../../record/findings/acknowledge-finding.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import type { Acknowledgement } from '../../report/model.ts';
import { asJson } from '../answers.ts';
import { actorOf } from '../caller.ts';
import { defineOperation } from '../operation.ts';
import { acknowledgedShape } from '../shapes/findings.ts';

/** Who acknowledges an event, and why. */
export const acknowledgementWords = { by: plainText(200), reason: plainText(1_000) };

/** A finding that was ended, and by whom. */
export interface AcknowledgedEvent extends Acknowledgement {
  /** The finding's fingerprint. */
  readonly acknowledged: string;
  /** Whether it had been acknowledged before: then `by`, `at` and `reason` are of the first time. */
  readonly before: boolean;
}

/**
 * Ends the finding of an event; a second time changes nothing. Throws `RequestRefused` if it is no
 * event, or is not found.
 */
export const acknowledge = defineOperation({
  about: 'Ends the finding of an event, with a reason; a second time changes nothing.',
  access: 'write',
  method: 'POST',
  path: 'findings/{fingerprint}/acknowledge',
  input: z.strictObject({
    ...acknowledgementWords,
    by: acknowledgementWords.by.optional(),
    fingerprint: z.string().max(1_000),
  }),
  shape: acknowledgedShape,
  answer: asJson<AcknowledgedEvent>('at'),
  async run({ database, config, wake, caller }, request): Promise<AcknowledgedEvent> {
    const who = actorOf(caller, request.by);
    const asked = { ...request, ...who };
    const acknowledged = await acknowledgeFinding(database, asked, alertingOf(config));
    const { fingerprint, acknowledgement, before, alerts } = acknowledged;
    await wake.alerts(alerts).catch(() => undefined);
    return { acknowledged: fingerprint, ...acknowledgement, before };
  },
});
