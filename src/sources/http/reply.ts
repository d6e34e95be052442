import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfter } from '../../timing/retry-after.ts';

/** Larger answers are not read: 1 MB, counted as they arrive. */
export const largestBodyBytes = 1_048_576;

/** The longest wait that is believed. */
const longestAskedMs = 7 * 24 * 3_600_000;
/** A longer wait is probed after this time, because vendors mend such mistakes within a sweep. */
const longestPauseMs = 600_000;
/** A longer wait concerns the whole source, and is shown. */
const usualWaitMs = 60_000;

/** What came back over the wire. `body` is undefined if it was cut or too large to read. */
export type Reply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: Buffer | undefined;
      readonly fault: 'cut' | 'oversized' | undefined;
      /** When to ask again; after a long wait, when to probe. */
      readonly retryAfterMs: number | undefined;
      /** How long a 429 or 5xx asked us to stay away, if that is longer than usual. */
      readonly awayMs?: number | undefined;
      /** The header of that name: the vendor's clock, to the second. */
      readonly date?: string | undefined;
    }
  /** `through`: the host and port of the proxy that it went through. */
  | { readonly kind: 'timeout'; readonly through?: string | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly through?: string | undefined }
  /** The proxy did not connect us; `detail` names it. */
  | { readonly kind: 'proxy-failed'; readonly detail: string };

export type ReplyWithStatus = Extract<Reply, { kind: 'reply' }>;

/** The head of an answer, in whichever protocol it came. */
export interface Answered {
  readonly statusCode: number;
  readonly headers: Pick<IncomingHttpHeaders, 'retry-after' | 'date'>;
}

/** `body` is undefined if there is a fault. */
export function replyOf(
  { statusCode, headers }: Answered,
  body: Buffer | undefined,
  fault: 'cut' | 'oversized' | undefined,
): ReplyWithStatus {
  const { 'retry-after': retryAfter, date } = headers;
  const retryAfterMs = parseRetryAfter(retryAfter, { date, nowMs: Date.now() }, longestAskedMs);
  return { kind: 'reply', status: statusCode, body, fault, retryAfterMs, date };
}

/** Shortens a long wait to the time after which the source is probed. */
export function shortenWait(reply: ReplyWithStatus): Reply {
  const askedMs = reply.retryAfterMs ?? 0;
  if (askedMs <= usualWaitMs) return reply;
  const retryAfterMs = Math.min(askedMs, longestPauseMs);
  const ofSource = reply.status === 429 || reply.status >= 500;
  return { ...reply, retryAfterMs, awayMs: ofSource ? askedMs : undefined };
}

/** Passes on only what looks like a code, because a message may hold a URL. */
export function plainCode(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
