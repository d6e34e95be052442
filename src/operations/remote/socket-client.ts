import { type IncomingMessage, request } from 'node:http';
import { databaseAwayCode } from '../answers.ts';
import { type Asked, type Exchange, headersOf, type NoSuccess, readReply } from './exchange.ts';
import { receiveBytes, receiveText } from './receive-answer.ts';

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
const otherVersion = 'the process that holds the store runs another version of keysweep';

/** Asks over the Unix socket of a holder. Throws `HolderError` for what is no answer. */
export function askThroughSocket(holder: Respondent): Exchange {
  const otherwise = (answer: NoSuccess) => {
    throw toError(answer);
  };
  return {
    async ask(asked) {
      const { response, lost } = await send(holder, asked);
      const text = await receiveText(response, lost);
      return readReply(response.statusCode ?? 0, text, otherwise);
    },
    async fetchFile(asked) {
      const { response, lost } = await send(holder, asked);
      if (response.statusCode === 200) return receiveBytes(response, lost);
      const text = await receiveText(response, lost);
      if (readReply(response.statusCode ?? 0, text, otherwise) === undefined) return undefined;
      throw new HolderError(500, otherVersion);
    },
    unreadable: () => new HolderError(500, otherVersion),
  };
}

function toError({ status, detail, code }: NoSuccess): HolderError {
  if (status === 404 || status === 405 || status < 300)
    return new HolderError(status, otherVersion);
  const message = detail ?? `status ${status}`;
  return code === databaseAwayCode
    ? new HolderError(status, message, false)
    : new HolderError(status, message);
}

interface Sent {
  readonly response: IncomingMessage;
  /** What to throw if the answer breaks off. */
  lost(error: NodeJS.ErrnoException): HolderError;
}

function send(holder: Respondent, asked: Asked): Promise<Sent> {
  const { method, path, body } = asked;
  const { socket: socketPath, silenceMs = usualSilenceMs } = holder;
  const askedAt = new Date();
  return new Promise((resolve, reject) => {
    let silent: NodeJS.ErrnoException | undefined;
    const lost = (error: NodeJS.ErrnoException) =>
      toHolderError((silent ?? error).code, holder, askedAt);
    const headers = headersOf(asked);
    const sent = request({ socketPath, method, path, headers, agent: false }, (response) =>
      resolve({ response, lost }),
    );
    sent.on('error', (error) => reject(lost(error)));
    sent.setTimeout(silenceMs, () => {
      silent = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
      sent.destroy(silent);
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
