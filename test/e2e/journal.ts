import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openMailServer } from '../alert/channels/mail-server.ts';

/** One message as a receiver had it, whole. */
export interface Entry {
  readonly channel: string;
  /** What tells a repeat from a second message, where the channel has such a thing. */
  readonly id: string | null;
  readonly body: string;
  /** False: the receiver answered that it has not taken it. */
  readonly taken: boolean;
}

/** What receivers were sent, in the order in which it came, written to disk before they answer. */
export interface Journal {
  readonly origin: string;
  readonly mailPort: number;
  /** How many were taken so far: of one channel, or of all. */
  count(channel?: string): number;
  read(): readonly Entry[];
  close(): Promise<void>;
}

export interface Manners {
  /** How long the receiver of a channel takes to answer. */
  readonly latencyMs: (channel: string) => number;
  /** Whether it takes the message, or answers 503 this time. */
  readonly takes?: (channel: string) => boolean;
}

/**
 * Receivers over real HTTP, the channel being the first part of the path, and one over SMTP, which
 * is the channel `mail`.
 */
export async function openJournal(folder: string, manners: Manners): Promise<Journal> {
  const file = join(folder, 'journal.jsonl');
  appendFileSync(file, '');
  const counts = new Map<string, number>();
  const note = (entry: Entry) => {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
    if (entry.taken) counts.set(entry.channel, (counts.get(entry.channel) ?? 0) + 1);
  };
  const timers = new Set<NodeJS.Timeout>();
  const later = (channel: string, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, manners.latencyMs(channel));
    timers.add(timer);
  };
  const http = createServer((request, response) => {
    const channel = request.url?.split('/')[1] ?? '';
    const chunks: Buffer[] = [];
    // Of a request that breaks off nothing was received.
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const taken = manners.takes?.(channel) ?? true;
      const id = request.headers['webhook-id'] ?? null;
      note({
        channel,
        id: id === null ? null : String(id),
        body: String(Buffer.concat(chunks)),
        taken,
      });
      later(channel, () => response.writeHead(taken ? 200 : 503).end(taken ? 'ok' : ''));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const mail = await openMailServer({
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        const id = /^Message-ID: <(.+)@/im.exec(body)?.[1] ?? null;
        note({ channel: 'mail', id, body, taken: true });
        later('mail', () => done(null));
      });
    },
  });
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mailPort: mail.port,
    count: (channel) =>
      channel === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(channel) ?? 0),
    read: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Entry),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await Promise.all([closed, mail.close()]);
    },
  };
}
