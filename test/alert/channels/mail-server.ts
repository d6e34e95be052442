import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
  readonly message: string;
}

export interface MailServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** How many connections there have been. */
  readonly connections: () => number;
  /** How many there are. */
  readonly open: () => number;
  close(): Promise<void>;
}

/** A real SMTP server on this machine, without TLS and passwords unless the test asks for them. */
export async function openMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user === undefined ? undefined : String(session.user),
          secure: session.secure,
          message: Buffer.concat(chunks).toString('latin1'),
        });
        done(stream.sizeExceeded ? answer(552) : null);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    open: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What a handler of the server gives to answer with a code; its text is what nobody may repeat. */
export function answer(responseCode: number, text = 'hostile-words'): Error {
  return Object.assign(new Error(text), { responseCode });
}

export interface ScriptedServer {
  readonly port: number;
  readonly heard: string[];
  readonly open: () => number;
  close(): Promise<void>;
}

/** A server that answers line by line as the script says, for what no decent server does. */
export async function openScripted(
  greeting: string | undefined,
  answerTo: (line: string, socket: Socket) => string | undefined,
): Promise<ScriptedServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (greeting !== undefined) socket.write(`${greeting}\r\n`);
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        const said = answerTo(line, socket);
        if (said !== undefined && !socket.destroyed) socket.write(`${said}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    open: () => sockets.size,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The usual answers, for scripts that differ in one. Message lines get none but the last. */
export function ordinary(line: string): string | undefined {
  if (/^(EHLO|HELO)/.test(line)) return '250 hello';
  if (/^(MAIL|RCPT)/.test(line)) return '250 ok';
  if (line === 'DATA') return '354 go on';
  if (line === '.') return '250 taken';
  if (line === 'QUIT') return '221 bye';
  return undefined;
}
