import { parseRetryAfter } from '../../timing/retry-after.ts';
import { refusedAddress } from '../outbound.ts';
import { retriesEndAfterMs } from '../plan/plan-redelivery.ts';
import type { Delivery } from './channel.ts';
import type { RequestResult } from './request.ts';

// After these, the receiver may accept the same message later: timeout, too early, too many.
const passing4xx = new Set([408, 425, 429]);

/** 2xx is delivered; an answer that would repeat is permanent; all others are passing. */
export function judgeResult(result: RequestResult, now: Date): Delivery {
  if (result.kind === 'failed') {
    const { code, detail, through } = result;
    const by = through === undefined ? '' : ` through the proxy at ${through}`;
    return { kind: 'passing', detail: `not reached: ${detail ?? code}${by}`, codes: [code] };
  }
  if (result.kind === 'refused-address') {
    return { kind: 'permanent', detail: refusedAddress };
  }
  const { status } = result;
  const said = { detail: `answered ${status}`, codes: [status] };
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 500 && !passing4xx.has(status)) {
    return { kind: 'permanent', ...said };
  }
  const retryAfterMs = parseRetryAfter(
    result.retryAfter,
    { nowMs: now.getTime() },
    retriesEndAfterMs,
  );
  return { kind: 'passing', ...said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
