import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Response } from 'got';
import { parseRetryAfter } from '../http/retry-after.ts';

/** Larger answers are not read: 1 MB, counted as they arrive. */
const largestBodyBytes = 1_048_576;

// No vendor's word holds a source back for longer: the sweep's deadline is a matter of hours.
const longestPauseMs = 3_600_000;

/** What came back over the wire. `body` is undefined when it was cut or too large to read. */
export type Reply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: Buffer | undefined;
      readonly fault: 'cut' | 'oversized' | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly code: string };

interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Sends one request. Rejects with the signal's reason when aborted, and with nothing else. */
  send(request: Request): Promise<Reply>;
  close(): void;
}

/**
 * The only place that knows got. Its errors carry headers and URLs, so none of them leaves, not
 * even as a cause: what is passed on is a status or a code. One timeout covers the whole request.
 * Compression is not asked for; where it comes all the same, what it swells to is what is counted.
 */
export function openTransport(timeoutMs: number): Transport {
  const agent = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  const client = got.extend({
    agent,
    retry: { limit: 0 },
    timeout: { request: timeoutMs },
    followRedirect: false,
    throwHttpErrors: false,
    responseType: 'buffer',
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'keysweep',
    },
  });

  return {
    async send(request) {
      request.signal.throwIfAborted();
      let oversized = false;
      try {
        const pending = client<Buffer>({ ...request, isStream: false } as const);
        pending.on('downloadProgress', ({ transferred }) => {
          if (transferred <= largestBodyBytes) return;
          oversized = true;
          pending.cancel();
        });
        const response = await pending;
        return replyOf(response, response.rawBody, undefined);
      } catch (error) {
        request.signal.throwIfAborted();
        return failureOf(error, oversized);
      }
    },

    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

type Heard = Pick<Response, 'statusCode' | 'headers'>;

function replyOf(
  response: Heard,
  body: Buffer | undefined,
  fault: 'cut' | 'oversized' | undefined,
) {
  const { 'retry-after': retryAfter, date } = response.headers;
  const retryAfterMs = parseRetryAfter(retryAfter, { date, nowMs: Date.now() }, longestPauseMs);
  return { kind: 'reply', status: response.statusCode, body, fault, retryAfterMs } as const;
}

/** A status that arrived decides, whatever became of the body; but for a timeout. */
function failureOf(error: unknown, oversized: boolean): Reply {
  const { name, code, response } = readFailure(error);
  if (name === 'TimeoutError') return { kind: 'timeout' };
  if (response !== undefined) return replyOf(response, undefined, oversized ? 'oversized' : 'cut');
  return { kind: 'failed', code };
}

function readFailure(error: unknown): { name: string; code: string; response: Heard | undefined } {
  if (!(error instanceof Error)) return { name: '', code: 'UNKNOWN', response: undefined };
  const { code, response } = error as { code?: unknown; response?: Heard };
  // Only what looks like a code is passed on: a message may hold a URL.
  const plain = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code);
  return { name: error.name, code: plain ? code : 'UNKNOWN', response };
}
