import { readDetails } from '../../keys/read-details.ts';
import { contradictory, readVendorFields, type VendorFields } from '../../keys/vendor-fields.ts';
import { judgeSilence, judgeStatus, readBody } from '../http/judge-http.ts';
import type { Reply } from '../http/reply.ts';
import { type Lookup, lookupFailure } from '../lookup.ts';
import { saysMissing } from './says-missing.ts';

/** What a reply to “get an API key” says about the requested key. */
export function judgeKeyReply(reply: Reply, keyId: string): Lookup {
  if (reply.kind !== 'reply') return judgeSilence(reply);
  const failure = judgeStatus(reply);
  if (failure !== undefined && !maySpeakOfKey(reply.status)) return failure;

  const body = readBody(reply);
  if (!body.ok) return failure ?? body.failure;
  const fields = readVendorFields(body.object);
  const speaksOfKey = reply.status === 404 || saysFailed(fields);
  if (speaksOfKey && saysMissing(body.object, keyId)) return { kind: 'missing' };

  if (failure !== undefined) return failure;
  if (saysFailed(fields)) return lookupFailure('vendor-error', `FAILED under HTTP ${reply.status}`);
  return judgeKey(fields, keyId);
}

/** An answer without the id that was asked for may describe another key. */
function judgeKey(fields: VendorFields, keyId: string): Lookup {
  if (fields.get('id') === keyId) return { kind: 'present', details: readDetails(fields) };
  return lookupFailure('id-mismatch', 'the answer is not of the id asked for');
}

/**
 * Whether the body reports a failed call: the vendor does so under HTTP 200 too. A `success` other
 * than true or a status FAILED means failure; without `success`, any status but SUCCESS does.
 */
export function saysFailed(fields: VendorFields): boolean {
  const success = fields.get('success') ?? undefined;
  const status = fields.get('status') ?? undefined;
  if (success !== undefined && success !== true) return true;
  if (status === contradictory) return true;
  if (typeof status !== 'string') return false;

  const word = status.trim().toUpperCase();
  return word === 'FAILED' || (success === undefined && word !== 'SUCCESS');
}

/**
 * The vendor's page gives no HTTP status for its FAILED body, so a 4xx may carry it. A refused
 * token and passing failures are no answer about a key.
 */
function maySpeakOfKey(status: number): boolean {
  const notOfKey = [401, 408, 425, 429];
  return status >= 400 && status < 500 && !notOfKey.includes(status);
}
