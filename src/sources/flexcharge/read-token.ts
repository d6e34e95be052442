import { readVendorFields } from '../../keys/vendor-fields.ts';
import { parseHttpDate } from '../../timing/parse-http-date.ts';
import { judgeSilence, judgeStatus, readBody } from '../http/judge-http.ts';
import type { Reply, ReplyWithStatus } from '../http/reply.ts';
import { type LookupFailure, lookupFailure } from '../lookup.ts';
import type { IssuedToken } from '../token/token-keeper.ts';
import { saysFailed } from './judge-reply.ts';

// Assumed if `expires` is absent or invalid: half of the documented ten minutes.
const assumedLifeMs = 300_000;

/** A `Date` header has whole seconds, and has been on its way. */
const sameClockMs = 5_000;

// A header can carry these characters; for others, Node would throw an error that quotes them.
const sendable = /^[\x21-\x7e]{1,16384}$/;

/** The token from the token endpoint's reply, or why there is none. `nowMs`: when it arrived. */
export function readToken(reply: Reply, nowMs: number): IssuedToken | LookupFailure {
  if (reply.kind !== 'reply') return ofToken(judgeSilence(reply));
  // The vendor answers wrong credentials with 400, but its error page says 401.
  if (reply.status === 400 || reply.status === 401) {
    const detail = `the credentials were refused (HTTP ${reply.status})`;
    return lookupFailure('unauthorized', detail, { permanent: true });
  }
  const failure = judgeStatus(reply);
  if (failure !== undefined) return ofToken(failure);
  return readIssued(reply, nowMs);
}

function readIssued(reply: ReplyWithStatus, nowMs: number) {
  const body = readBody(reply);
  if (!body.ok) return ofToken(body.failure);
  const fields = readVendorFields(body.object);
  if (saysFailed(fields))
    return ofToken(lookupFailure('vendor-error', `FAILED under HTTP ${reply.status}`));

  const value = fields.get('accesstoken');
  if (typeof value !== 'string' || !sendable.test(value)) {
    return ofToken(lookupFailure('invalid-response', 'no usable accessToken'));
  }
  const lifeMs = lifeOf(fields.get('expires'), clockOf(reply, nowMs));
  return { kind: 'issued', value, lifeMs } as const;
}

/** The vendor's clock measures its own instants, unless ours agrees with it and is finer. */
function clockOf({ date = '' }: ReplyWithStatus, nowMs: number): number {
  const itsMs = parseHttpDate(date) ?? nowMs;
  return Math.abs(itsMs - nowMs) > sameClockMs ? itsMs : nowMs;
}

/** `expires` is absolute, in epoch milliseconds; public clients have received it as text too. */
function lifeOf(expires: unknown, nowMs: number): number {
  const at = typeof expires === 'string' ? Number(expires.trim() || Number.NaN) : expires;
  const lifeMs = typeof at === 'number' ? at - nowMs : Number.NaN;
  return lifeMs > 0 && Number.isFinite(lifeMs) ? lifeMs : assumedLifeMs;
}

/** Without a token no key can be asked for, so a passing failure concerns the whole source. */
function ofToken(failure: LookupFailure): LookupFailure {
  const silence = failure.permanent ? 'none' : 'source';
  return { ...failure, silence, detail: `token endpoint: ${failure.detail}` };
}
