import { z } from 'zod';
import { plainText } from '../evaluate/policy/plain-text.ts';
import { acknowledgeFinding } from '../record/findings/acknowledge-finding.ts';
import { alertingOf } from '../record/outbox/alerting.ts';
import { asJson } from './answers.ts';
import { defineOperation } from './operation.ts';

/** Who acknowledges an event, and why. */
export const acknowledgementWords = { by: plainText(200), reason: plainText(1_000) };

/** Ends the finding of an event. Throws `RequestRefused` if it is no event, or is not found. */
export const acknowledge = defineOperation({
  access: 'write',
  method: 'POST',
  path: 'findings/{fingerprint}/acknowledge',
  input: z.strictObject({ ...acknowledgementWords, fingerprint: z.string().max(1_000) }),
  answer: asJson<{ readonly acknowledged: string }>(),
  async run({ database, config, wake }, acknowledgement) {
    const alerts = await acknowledgeFinding(database, acknowledgement, alertingOf(config));
    await wake.alerts(alerts).catch(() => undefined);
    return { acknowledged: acknowledgement.fingerprint };
  },
});
