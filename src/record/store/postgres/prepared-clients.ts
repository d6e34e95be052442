import { hash } from 'node:crypto';
import type pg from 'pg';
import type { ServerProcess } from './bounded-client.ts';
import { areRowsFoundByIndex } from './rows-by-index.ts';

type Client = pg.ClientBase & ServerProcess;
type Send = (...args: unknown[]) => unknown;

/** A plan made while a table was small may read all of it for each row once it has grown. */
const plansHoldMs = 10_000;

/** The connections that keep what is prepared on them, and until when their plans hold. */
const keeping = new WeakMap<object, number>();

/**
 * Notes on a new connection whether it keeps what is prepared. `answering` is the server's process
 * that has answered over it. A pooler may give each transaction another process, and on connecting
 * it names none of them.
 */
export function noteAnswering(client: Client, answering: number | undefined): void {
  if (client.processID === answering) keeping.set(client, performance.now() + plansHoldMs);
}

/**
 * Connections on which the statements of a batch are prepared once, because every batch has the same
 * texts. Only those that find rows by indexes are: their plans bear a table that grows a little.
 */
export function preparedClients(Base: typeof pg.Client): typeof pg.Client {
  return class PreparedClient extends Base {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const send = this.query.bind(this) as Send;
      const query: Send = (...args) =>
        keeping.has(this) && areRowsFoundByIndex() ? sendNamed(this, send, args) : send(...args);
      this.query = query as typeof this.query;
    }
  };
}

async function sendNamed(client: Client, send: Send, args: readonly unknown[]): Promise<unknown> {
  const [text, values] = args as [string, unknown[] | undefined];
  // A statement without values may be several, which cannot be prepared.
  if (values === undefined || values.length === 0) return send(...args);
  try {
    if (performance.now() >= (keeping.get(client) ?? 0)) await discardPlans(client, send);
    return await send({ name: nameOf(text), text, values });
  } catch (error) {
    if (isStatementLost(error)) keeping.delete(client);
    throw error;
  }
}

async function discardPlans(client: Client, send: Send): Promise<void> {
  await send('discard plans');
  keeping.set(client, performance.now() + plansHoldMs);
}

/** The same for the same text on all connections: whoever prepared it, it is the same statement. */
function nameOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** No statement has the name, another one has it, or its result has other columns than before. */
const lost: readonly unknown[] = ['26000', '42P05', '0A000'];

/** Whether the server cannot run a statement as it was prepared; it may run its text. */
export function isStatementLost(error: unknown): boolean {
  return lost.includes((error as { code?: unknown }).code);
}
