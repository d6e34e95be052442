import { describeTlsFailure } from '../../text/tls-failure.ts';
import { type LookupFailure, lookupFailure } from '../lookup.ts';
import { readJsonObject } from './read-json.ts';
import type { Reply } from './reply.ts';

type Answered = Extract<Reply, { kind: 'reply' }>;

/** An answer that is not HTTP: a code of the parser for HTTP/1.1, or that of the one for HTTP/2. */
const isNoHttp = /^(HPE_|ERR_HTTP2_ERROR$)/;

/** Judges a missing reply. */
export function judgeSilence(reply: Exclude<Reply, Answered>): LookupFailure {
  if (reply.kind === 'proxy-failed') {
    return lookupFailure('unreachable', reply.detail, { silence: 'key' });
  }
  const through = reply.through === undefined ? '' : ` through the proxy at ${reply.through}`;
  if (reply.kind === 'timeout') {
    return lookupFailure('timeout', `no whole answer in time${through}`, { silence: 'key' });
  }
  const [what, mend] = describeTlsFailure(reply.code) ?? [];
  const words = what === undefined ? reply.code : `the vendor ${what}`;
  const detail = `${words}${through}${mend === undefined ? '' : `; ${mend}`}`;
  if (isNoHttp.test(reply.code)) return lookupFailure('invalid-response', detail);
  return lookupFailure('unreachable', detail, { silence: 'key' });
}

/** Why a status prevents reading the body, or undefined for a 2xx. */
export function judgeStatus({ status, retryAfterMs, awayMs }: Answered): LookupFailure | undefined {
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return lookupFailure('unauthorized', detail, { permanent: true });
  if (status === 403)
    return lookupFailure('forbidden', detail, { permanent: true, silence: 'key' });
  if (status === 429) return lookupFailure('rate-limited', detail, { retryAfterMs, awayMs });
  if (status === 404) return lookupFailure('vendor-error', detail);
  if (status >= 500 || status === 408 || status === 425) {
    return lookupFailure('vendor-error', detail, { silence: 'key', retryAfterMs, awayMs });
  }
  return lookupFailure('vendor-error', detail, { permanent: true });
}

type ReadBody =
  | { readonly ok: true; readonly object: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: LookupFailure };

const faults = { cut: 'a cut body', oversized: 'a body over 1 MB' };

/** The object that a reply's body holds, or why there is none. */
export function readBody({ status, body, fault }: Answered): ReadBody {
  const read =
    body === undefined ? { ok: false as const, why: faults[fault ?? 'cut'] } : readJsonObject(body);
  if (read.ok) return read;
  return {
    ok: false,
    failure: lookupFailure('invalid-response', `HTTP ${status} with ${read.why}`),
  };
}
