import { request } from 'node:http';
import { absentCode } from '../answers.ts';
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
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A stopped or stuck holder still accepts connections, so the wait needs a limit. */
const silenceMs = 60_000;

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
export async function askSocket(socketPath: string, asked: Asked): Promise<unknown> {
  const { status, text } = await send(socketPath, asked);
  const answer: unknown = parse(text);
  if (status >= 200 && status < 300) return answer;
  const { error, code } = (answer ?? {}) as { error?: unknown; code?: unknown };
  if (code === absentCode) return undefined;
  if (status === 404) throw new HolderError(404, otherVersion);
  throw new HolderError(status, typeof error === 'string' ? error : `status ${status}`);
}

function send(socketPath: string, { method, path, body, idempotencyKey }: Asked) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const lost = (error: NodeJS.ErrnoException) => reject(toHolderError(error));
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

function toHolderError({ code }: NodeJS.ErrnoException): HolderError {
  return code === 'ETIMEDOUT'
    ? new HolderError(504, 'the process that holds the store does not answer')
    : new HolderError(0, `the process that holds the store is gone (${code})`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
