import { request } from 'node:http';
import { absentCode, databaseAwayCode } from '../answers.ts';
import type { AnyOperation } from '../operation.ts';

/**
 * The process behind a socket refused a request (`status` is the HTTP status), did not answer
 * (504), or is gone (0).
 */
export class HolderError extends Error {
  override readonly name = 'HolderError';
  readonly code = 'KEYSWEEP_HOLDER';
  readonly retryable = true;
  readonly status: number;
  /** Whether another process may have the store by now. */
  readonly hasLeft: boolean;
  constructor(status: number, message: string, hasLeft = status === 0 || status === 503) {
    super(message);
    this.status = status;
    this.hasLeft = hasLeft;
  }
}

/** The process to ask. A stopped or stuck one still accepts connections, so the wait has a limit. */
export interface Respondent {
  readonly pid: number;
  readonly socket: string;
  /** How long it may be silent, in milliseconds; by default, a minute. */
  readonly silenceMs?: number;
}

const usualSilenceMs = 60_000;

/** The holder was started before keysweep was upgraded. */
export const otherVersion = 'the process that holds the store runs another version of keysweep';

export interface Asked {
  readonly method: AnyOperation['method'];
  readonly path: string;
  readonly body?: unknown;
  /** Requests with the same key are done once. */
  readonly idempotencyKey?: string;
}

/**
 * Asks for JSON with HTTP over a Unix socket. Undefined if the thing does not exist; throws
 * `HolderError` for all other answers except success.
 */
export async function askSocket(holder: Respondent, asked: Asked): Promise<unknown> {
  const { status, text } = await send(holder, asked);
  const answer: unknown = parse(text);
  if (status >= 200 && status < 300) return answer;
  const { detail, code } = (answer ?? {}) as { detail?: unknown; code?: unknown };
  if (code === absentCode) return undefined;
  if (status === 404 || status === 405) throw new HolderError(status, otherVersion);
  const message = typeof detail === 'string' ? detail : `status ${status}`;
  throw code === databaseAwayCode
    ? new HolderError(status, message, false)
    : new HolderError(status, message);
}

function send(holder: Respondent, { method, path, body, idempotencyKey }: Asked) {
  const { socket: socketPath, silenceMs = usualSilenceMs } = holder;
  const askedAt = new Date();
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const lost = ({ code }: NodeJS.ErrnoException) => reject(toHolderError(code, holder, askedAt));
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', lost);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    sent.on('error', lost);
    sent.setTimeout(silenceMs, () => {
      sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function toHolderError(code: string | undefined, { pid }: Respondent, askedAt: Date): HolderError {
  if (code !== 'ETIMEDOUT') {
    return new HolderError(0, `the process that holds the store is gone (${code})`);
  }
  const since = askedAt.toISOString().slice(0, 19);
  return new HolderError(
    504,
    `process ${pid}, which holds the store, has not answered since ${since}Z: ` +
      `it is stopped or stuck; continue it (kill -CONT ${pid}) or end it`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
