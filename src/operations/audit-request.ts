import { z } from 'zod';

const text = z.string().max(1_000);
const asked = { reason: text.nullable().default(null), requestedBy: text.nullable().default(null) };
const key = z.strictObject({ source: text.min(1), keyId: text.min(1) });

/** What may be said with a request for a sweep of everything. */
export const sweepRequest = z.strictObject(asked);

/** A request to audit some keys again, as it comes over HTTP or from the queue. */
export const auditRequest = z.strictObject({ ...asked, keys: z.array(key).min(1).max(10_000) });
