import { RequestRefused } from '../../record/store/errors.ts';
import { type Asked, askSocket, HolderError } from './socket-client.ts';

const base = '/api/v1';

/** The process that holds the embedded store, as it is asked over its socket. */
export interface HolderApi {
  /** Undefined for what is not there. */
  get<T>(path: string): Promise<T | undefined>;
  /** Throws `RequestRefused` where it refuses, and says so where it knows nothing of the kind. */
  post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T>;
}

export function createHolderApi(socket: string): HolderApi {
  return {
    get: (path) => askSocket(socket, { method: 'GET', path: `${base}${path}` }),
    async post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
      const key = idempotencyKey === undefined ? {} : { idempotencyKey };
      const asked: Asked = { method: 'POST', path: `${base}${path}`, body, ...key };
      const answer = await refusals(askSocket<T>(socket, asked));
      if (answer === undefined) throw olderHolder();
      return answer;
    },
  };
}

/** It runs since before it was upgraded. */
export function olderHolder(): HolderError {
  return new HolderError(404, 'the holder of the store is older');
}

async function refusals<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HolderError && error.status === 422)
      throw new RequestRefused(error.message);
    throw error;
  }
}
