import { z } from 'zod';
import { plainText } from '../evaluate/policy/plain-text.ts';

const text = z.string().max(1_000);
const asked = { reason: text.nullable().default(null), requestedBy: text.nullable().default(null) };
const key = z.strictObject({ source: text.min(1), keyId: text.min(1) });

/** What may be said with a request for a sweep of everything. */
export const sweepRequest = z.strictObject(asked);

/** Who acknowledges an event, and why. */
export const acknowledgement = z.strictObject({
  by: plainText(200),
  reason: plainText(1_000),
});

/** A request to audit some keys again, as it comes over HTTP or from the queue. */
export const auditRequest = z.strictObject({ ...asked, keys: z.array(key).min(1).max(10_000) });
