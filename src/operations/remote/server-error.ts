import type { IncomingHttpHeaders } from 'node:http';
import { ProxyFailure, proxyMend } from '../../proxy/proxy-failure.ts';
import { safeText } from '../../report/safe-text.ts';
import { describeTlsFailure } from '../../text/tls-failure.ts';
import { type ServerWords, unreachableServer } from '../../text/unreachable-server.ts';
import type { Asked, NoSuccess } from './exchange.ts';

/** The server of `--server` gave no usable answer. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code = 'KEYSWEEP_SERVER';
  /** Whether the same question may be answered later. */
  readonly retryable: boolean;
  constructor(url: URL, trouble: string, retryable = false) {
    super(`the server at ${url.origin} ${safeText(trouble)}`);
    this.retryable = retryable;
  }
}

/** An answer as it came. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Server {
  readonly url: URL;
  readonly token: string | undefined;
}

/** What to say of a question that got no answer. */
export function describeLoss({ url }: Server, error: Error): ServerError {
  const { code } = error as NodeJS.ErrnoException;
  if (isStopped(error)) return stopped(url);
  if (error instanceof ProxyFailure) {
    const mend = proxyMend(error.code);
    const more = mend === undefined ? '' : `: ${mend}`;
    return new ServerError(url, `was not reached: ${error.message}${more}`, true);
  }
  const [what, mend] = wordsFor(String(code));
  return new ServerError(url, `${what}: ${mend}`, describeTlsFailure(String(code)) === undefined);
}

/** What to say of an answer that began and did not end: what cut it off is known there only. */
export function describeBreak({ url }: Server, error: Error): ServerError {
  const { code } = error as NodeJS.ErrnoException;
  if (isStopped(error)) return stopped(url);
  return new ServerError(url, `broke off its answer (${code}): see its log`, true);
}

function isStopped({ name, code }: NodeJS.ErrnoException): boolean {
  return name === 'AbortError' || code === 'ABORT_ERR';
}

function stopped(url: URL): ServerError {
  return new ServerError(url, 'was asked, but keysweep was stopped before it answered');
}

function wordsFor(code: string): ServerWords {
  if (code === 'ETIMEDOUT') {
    return ['does not answer (ETIMEDOUT)', 'check its address, and the firewall between'];
  }
  if (code.startsWith('HPE_')) return [`does not answer in HTTP (${code})`, 'check its port'];
  const known = unreachableServer[code] ?? describeTlsFailure(code);
  return known ?? [`broke off its answer (${code})`, 'see its log'];
}

/** What to say of an answer that is neither success nor refusal. */
export function describeAnswer(
  server: Server,
  asked: Asked,
  answer: ServerAnswer & NoSuccess,
): ServerError {
  const { status } = answer;
  const words = describeStatus[status]?.(answer, server, asked) ?? describeOther(answer);
  // What says when to ask again has been waited for already.
  const saysWhen = answer.headers['retry-after'] !== undefined;
  const mayPass = (status === 429 || status >= 500) && !saysWhen;
  return new ServerError(server.url, words, mayPass);
}

type Describe = (answer: ServerAnswer & NoSuccess, server: Server, asked: Asked) => string;

const variables = 'KEYSWEEP_TOKEN or KEYSWEEP_TOKEN_FILE';

const noOperation: Describe = ({ status, headers }, _server, { method, path }) =>
  isProblem(headers)
    ? `runs another version of keysweep: it has no ${method} ${path.replace(/\?.*$/, '')} (${status})`
    : `is not keysweep, or has it at another path: check the URL (${status})`;

const describeStatus: Readonly<Record<number, Describe>> = {
  401: (_answer, { token }) =>
    token === undefined
      ? `wants a token (401): set ${variables}`
      : `refuses the token (401): check ${variables}`,
  403: ({ headers, detail = '' }) =>
    isProblem(headers)
      ? `does not permit this (403): ${detail}`
      : 'does not permit this (403), and the answer is not from keysweep: check what stands before it',
  404: noOperation,
  405: noOperation,
  407: () => 'is behind a proxy that wants a login (407): write it in HTTPS_PROXY or HTTP_PROXY',
  421: (_answer, { url }) =>
    `does not answer to the name ${url.host} (421): name it in http.publicUrl of the server, or use the name there`,
  429: ({ headers }) =>
    `answers no questions from here for now (429): ask again ${later(headers['retry-after'])}`,
};

function describeOther({ status, headers, detail }: ServerAnswer & NoSuccess): string {
  if (status >= 300 && status < 400) return describeRedirect(status, headers.location);
  if (status < 300) return `does not answer with JSON (${status}): check the URL`;
  const words = status >= 500 ? `failed (${status})` : `answers with status ${status}`;
  return detail === undefined ? words : `${words}: ${detail}`;
}

function describeRedirect(status: number, location = ''): string {
  const to = URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return `redirects${to} (${status}), which is not followed: give the URL of keysweep itself`;
}

function later(retryAfter: string | undefined): string {
  return retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? `in ${retryAfter} s` : 'later';
}

function isProblem(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/problem+json') === true;
}
