import { readDetails } from '../../keys/read-details.ts';
import { contradictory, readVendorFields, type VendorFields } from '../../keys/vendor-fields.ts';
import { readJsonObject } from '../http/read-json.ts';
import type { Reply } from '../http/transport.ts';
import { type Lookup, type LookupFailure, lookupFailure } from '../lookup.ts';
import { saysMissing } from './says-missing.ts';

type Heard = Extract<Reply, { kind: 'reply' }>;

/** What a reply to “get an API key” says of the key that was asked for. */
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

/** An answer without an id is of no key that we know of, so it is no answer for this one. */
function judgeKey(fields: VendorFields, keyId: string): Lookup {
  if (fields.get('id') === keyId) return { kind: 'present', details: readDetails(fields) };
  return lookupFailure('id-mismatch', 'the answer is not of the id asked for');
}

/** No reply at all. An HTTP parser's code means that something answered, but not in HTTP. */
export function judgeSilence(reply: Exclude<Reply, Heard>): LookupFailure {
  if (reply.kind === 'timeout') {
    return lookupFailure('timeout', 'no whole answer in time', { silence: 'key' });
  }
  if (reply.code.startsWith('HPE_')) return lookupFailure('invalid-response', reply.code);
  return lookupFailure('unreachable', reply.code, { silence: 'key' });
}

/** Why a status stands in the way of reading the body, or undefined for a 2xx. */
export function judgeStatus({ status, retryAfterMs }: Heard): LookupFailure | undefined {
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return lookupFailure('unauthorized', detail, { permanent: true });
  if (status === 403) return lookupFailure('forbidden', detail, { permanent: true });
  if (status === 429) return lookupFailure('rate-limited', detail, { retryAfterMs });
  if (status === 404) return lookupFailure('vendor-error', detail);
  if (status >= 500 || status === 408 || status === 425) {
    return lookupFailure('vendor-error', detail, { silence: 'key', retryAfterMs });
  }
  return lookupFailure('vendor-error', detail, { permanent: true });
}

type ReadBody =
  | { readonly ok: true; readonly object: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: LookupFailure };

const faults = { cut: 'a cut body', oversized: 'a body over 1 MB' };

/** The object that a reply's body holds, or why there is none to read. */
export function readBody({ status, body, fault }: Heard): ReadBody {
  const read =
    body === undefined ? { ok: false as const, why: faults[fault ?? 'cut'] } : readJsonObject(body);
  if (read.ok) return read;
  return {
    ok: false,
    failure: lookupFailure('invalid-response', `HTTP ${status} with ${read.why}`),
  };
}

/**
 * Whether the body tells of a failed call: the vendor does it under HTTP 200 too. `success` decides
 * unless it is absent or null; a status that is neither SUCCESS nor absent then tells of failure.
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
 * The page gives no HTTP status for its FAILED body, so a 4xx may carry it; but for a token that was
 * refused, and for what passes.
 */
function maySpeakOfKey(status: number): boolean {
  const ofOthers = [401, 408, 425, 429];
  return status >= 400 && status < 500 && !ofOthers.includes(status);
}
