import { request } from 'node:http';

/**
 * The process behind a socket refused a request (`status` is HTTP's), did not answer (504), or went
 * away (0).
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

/** A holder that is stopped or stuck still takes connections. */
const silenceMs = 60_000;

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** What is asked again under the same key is done once. */
  readonly idempotencyKey?: string;
}

/** JSON over HTTP over a Unix socket. Undefined for 404; throws `HolderError` for other refusals. */
export async function askSocket<T>(socketPath: string, asked: Asked): Promise<T | undefined> {
  const { status, text } = await send(socketPath, asked);
  if (status === 404) return undefined;
  const answer: unknown = parse(text);
  if (status >= 200 && status < 300) return answer as T;
  const { error } = (answer ?? {}) as { error?: unknown };
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
