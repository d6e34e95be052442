import { RequestRefused } from '../../record/store/errors.ts';
import { absentCode } from '../answers.ts';
import type { AnyOperation } from '../operation.ts';

/** A question about an operation, as HTTP sends it. */
export interface Asked {
  readonly method: AnyOperation['method'];
  readonly path: string;
  readonly body?: unknown;
  /** Requests with the same key are done once. */
  readonly idempotencyKey?: string;
}

/** Another process that has the store, whatever the way to it. */
export interface Exchange {
  /**
   * The answer, as JSON; undefined if the thing does not exist. Throws `RequestRefused` for what
   * that process refuses to do, and an error of its own for any other answer.
   */
  ask(asked: Asked): Promise<unknown>;
  /** The bytes of a file as they come; else as `ask`. It throws while they come, too. */
  fetchFile(asked: Asked): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** What to throw for an answer in a form that another version of keysweep may give. */
  unreadable(): Error;
}

/** An answer that is no success. */
export interface NoSuccess {
  readonly status: number;
  /** Its words, if it is an answer of keysweep. */
  readonly detail: string | undefined;
  readonly code: string | undefined;
}

/** What a whole answer says; `otherwise` throws for what is neither success nor refusal. */
export function readReply(
  status: number,
  text: string,
  otherwise: (answer: NoSuccess) => unknown,
): unknown {
  const json = parse(text);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && json !== undefined) return json;
  const fields = (json ?? {}) as { readonly detail?: unknown; readonly code?: unknown };
  const code = typeof fields.code === 'string' ? fields.code : undefined;
  const detail = typeof fields.detail === 'string' ? fields.detail : undefined;
  if (code === absentCode) return undefined;
  if (refusals.includes(status) && detail !== undefined) throw new RequestRefused(detail);
  return otherwise({ status, detail, code });
}

/** Faults of the input, and what the operation refuses. */
const refusals = [400, 413, 422];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The headers of every question. */
export function headersOf({ idempotencyKey }: Asked): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}
