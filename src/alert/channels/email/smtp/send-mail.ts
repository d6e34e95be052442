import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { startAttemptClock } from './attempt-clock.ts';
import { type MailResult, resultOfError, resultOfSend } from './mail-result.ts';
import { openSocket, type SocketTerms } from './open-socket.ts';
import type { SmtpServer } from './read-smtp-url.ts';
import { tlsTerms } from './tls-terms.ts';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message, including its headers. */
  readonly message: Buffer;
  /** For EHLO; nodemailer's choice if undefined. */
  readonly name: string | undefined;
}

export interface MailTerms extends Omit<SocketTerms, 'timeoutMs'> {
  /** Up to the end of the message. */
  readonly timeoutMs: number;
  /** For the answer to it. Longer, because giving up here repeats a mail that has arrived. */
  readonly answerTimeoutMs: number;
}

/** The time limit for connecting, and for the greeting (with TLS, if it comes first). */
const connectMs = 10_000;
/** Answers of mail servers are short. */
const longestAnswer = 64_000;
/** How long the server may take to end the session after it has taken the mail. */
const goodbyeMs = 1_000;

/**
 * Sends one mail over a connection of its own, once. Rejects only with the signal's reason. Errors
 * of nodemailer stay here, because they hold what the server said.
 */
export async function sendMail(
  server: SmtpServer,
  mail: Mail,
  { timeoutMs, answerTimeoutMs, signal, ...guard }: MailTerms,
): Promise<MailResult> {
  signal.throwIfAborted();
  const clock = startAttemptClock(signal, timeoutMs);
  const sent = () => clock.restart(answerTimeoutMs);
  let socket: Socket | undefined;
  try {
    const terms = { ...guard, timeoutMs: connectMs, signal: clock.signal };
    socket = await openSocket(server, terms);
    return await converse(socket, { server, mail, signal: clock.signal, sent });
  } catch (error) {
    signal.throwIfAborted();
    const late = clock.signal.aborted;
    return resultOfError(late ? { code: 'ETIMEDOUT' } : error, socket !== undefined);
  } finally {
    clock.stop();
  }
}

/**
 * Connects and greets as for a mail, with TLS where a mail has it, and says goodbye without one.
 * `name`: for EHLO. Resolves with undefined, or with why a mail could not be sent.
 */
export async function greetMailServer(
  server: SmtpServer,
  name: string | undefined,
  terms: SocketTerms,
): Promise<MailResult | undefined> {
  let socket: Socket | undefined;
  try {
    socket = await openSocket(server, terms);
    const session = openSession(socket, server, name);
    const step = stepper(session, terms.signal);
    await step<void>((done) => session.connect((error) => done(error ?? null)));
    sayGoodbye(session, socket);
    return undefined;
  } catch (error) {
    socket?.destroy();
    const late = terms.signal.aborted;
    return resultOfError(late ? { code: 'ETIMEDOUT' } : error, socket !== undefined);
  }
}

interface Conversation {
  readonly server: SmtpServer;
  readonly mail: Mail;
  readonly signal: AbortSignal;
  /** Called when the whole message was sent. */
  readonly sent: () => void;
}

async function converse(
  socket: Socket,
  { server, mail, signal, sent }: Conversation,
): Promise<MailResult> {
  const session = openSession(socket, server, mail.name);
  const step = stepper(session, signal);
  const { from, to, message } = mail;
  try {
    signal.throwIfAborted();
    await step<void>((done) => session.connect((error) => done(error ?? null)));
    const { credentials } = server;
    if (credentials !== undefined) {
      await step((done) => session.login({ credentials: { ...credentials } }, done));
    }
    const said = Readable.from([message]).once('end', sent);
    const envelope = { from, to: [...to], size: message.length };
    const info = await step<SMTPConnectionSendInfo>((done) => session.send(envelope, said, done));
    sayGoodbye(session, socket);
    return resultOfSend(info);
  } catch (error) {
    session.close();
    socket.destroy();
    throw error;
  }
}

/** Runs in the background, because the mail is already delivered. */
function sayGoodbye(session: SMTPConnection, socket: Socket): void {
  session.quit();
  const timer = setTimeout(() => socket.destroy(), goodbyeMs).unref();
  socket.once('close', () => clearTimeout(timer));
}

function openSession(socket: Socket, server: SmtpServer, name: string | undefined): SMTPConnection {
  const { required } = tlsTerms(server, socket.remoteAddress);
  return new SMTPConnection({
    connection: socket,
    host: server.host,
    port: server.port,
    ...(name === undefined ? {} : { name }),
    secure: server.secure,
    requireTLS: required && !server.secure,
    opportunisticTLS: !required,
    tls: { rejectUnauthorized: required },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    maxResponseSize: longestAnswer,
  });
}

type Done<T> = (error: Error | null, result?: T) => void;

/** Takes one step of the session; an error of the session or the end of the attempt ends it too. */
function stepper(session: SMTPConnection, signal: AbortSignal) {
  const broken = new Promise<never>((_, reject) => {
    session.on('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  broken.catch(() => undefined);
  return <T>(take: (done: Done<T>) => void): Promise<T> => {
    const taken = new Promise<T>((resolve, reject) => {
      take((error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
    return Promise.race([broken, taken]);
  };
}
