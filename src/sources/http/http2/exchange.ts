import { type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';
import { type CollectedBody, collectBody } from '../collect-body.ts';
import { type Answered, largestBodyBytes, plainCode, type Reply, replyOf } from '../reply.ts';
import { codeOfReset } from './code-of-reset.ts';
import type { Session } from './open-session.ts';
import { isPacked, unpack } from './unpack.ts';

export interface Http2Message {
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
}

/**
 * `refused`: the server has not begun to work on the request. `http/1.1`: neither has it, and it
 * wants it over HTTP/1.1.
 */
export type ExchangeEnd = Reply | 'refused' | 'http/1.1';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants;
const { NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_REFUSED_STREAM } = constants;

/**
 * Sends one request. Calls `done` once, later, unless the returned function was called, which resets
 * the request. Throws if the connection has just ended.
 */
export function exchange(
  session: Session,
  { headers, body }: Http2Message,
  done: (outcome: ExchangeEnd) => void,
): () => void {
  const stream = session.request(headers);
  if (body !== undefined) stream.end(body);
  let isOver = false;
  const end = (tell: () => void) => {
    if (isOver) return;
    isOver = true;
    tell();
    session.release();
  };
  const reset = () => stream.close(NGHTTP2_CANCEL);
  const heard = hear(stream, () => {
    end(() => done(replyOf(heard.head, undefined, 'oversized')));
    reset();
  });
  stream.once('end', () => {
    if (isWhole(stream, heard)) end(() => deliver(heard, done));
  });
  // Comes after every other end.
  stream.once('close', () => end(() => done(outcomeOf(stream.rstCode, heard, session))));
  return () => end(reset);
}

interface Head extends Answered {
  readonly length: string | undefined;
  readonly encoding: string | undefined;
}

/** Before an answer begins. */
const silence: Head = { statusCode: 0, headers: {}, length: undefined, encoding: undefined };

interface Heard {
  head: Head;
  error: unknown;
  readonly body: CollectedBody;
}

/** Collects what comes; calls `oversized` if it is too much. */
function hear(stream: ClientHttp2Stream, oversized: () => void): Heard {
  const heard: Heard = { head: silence, error: undefined, body: collectBody() };
  stream.once('response', (headers) => {
    const { ':status': statusCode = 0 } = headers;
    const { 'content-length': length, 'content-encoding': encoding } = headers;
    heard.head = { statusCode, headers, length, encoding };
  });
  stream.on('data', (chunk: Buffer) => {
    heard.body.add(chunk);
    if (heard.body.bytes() > largestBodyBytes) oversized();
  });
  stream.on('error', (error) => {
    heard.error = error;
  });
  return heard;
}

/** Node ends the body of a stream that was reset without an error as if it were whole. */
function isWhole(stream: ClientHttp2Stream, { head, body }: Heard): boolean {
  if (head === silence || stream.rstCode !== NGHTTP2_NO_ERROR) return false;
  return head.length === undefined || Number(head.length) === body.bytes();
}

function deliver({ head, body: collected }: Heard, done: (reply: Reply) => void): void {
  const body = collected.whole();
  if (isPacked(head.encoding))
    unpack(body, head.encoding, (...read) => done(replyOf(head, ...read)));
  else done(replyOf(head, body, undefined));
}

/** Node's codes for a request on a connection that had ended before: nothing was sent. */
const overCodes = [
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_OUT_OF_STREAMS',
];

/** Whether a request came too late for its connection. Node 20 throws this, later ones emit it too. */
export function saysOver(error: unknown): boolean {
  return overCodes.includes(plainCode(error) ?? '');
}

/** What an end without a whole body means. A status that arrived decides, even if the body failed. */
function outcomeOf(reset: number, { head, error }: Heard, session: Session): ExchangeEnd {
  if (head !== silence) return replyOf(head, undefined, 'cut');
  if (reset === NGHTTP2_REFUSED_STREAM || saysOver(error)) return 'refused';
  if (reset === NGHTTP2_HTTP_1_1_REQUIRED) return 'http/1.1';
  return { kind: 'failed', code: codeOfReset(reset, plainCode(error), session.isOver()) };
}
