import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Config, Secrets } from '../config/config.ts';
import { createRemoteOperations } from '../operations/remote/remote.ts';
import { waitForHolder } from '../operations/remote/wait-for-holder.ts';
import { readStoreFacts, type StoreFacts } from '../record/reads/read-store-facts.ts';
import type { Database } from '../record/store/database.ts';
import { hasDatabase } from '../record/store/embedded/database-folder.ts';
import type { Holder } from '../record/store/embedded/hold-folder.ts';
import { type Refusal, SchemaBehind } from '../record/store/errors.ts';
import { type OpenedStore, openStore } from '../record/store/open-store.ts';
import { nameRefusal } from '../record/store/probe-write.ts';
import { inTime } from '../timing/in-time.ts';
import { describeFailure } from './describe-failure.ts';

/** What could be learned of the store. */
export type ExaminedStore =
  /** `database`: a server, which stays open until the end. `holder`: who has the embedded store. */
  | {
      readonly kind: 'read';
      readonly facts: StoreFacts;
      readonly database: Database | undefined;
      readonly holder: number | undefined;
    }
  | { readonly kind: 'none' }
  /** An embedded store of an older version, which the next command brings up to date. */
  | { readonly kind: 'older'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

interface StoreParts {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  atEnd(close: () => Promise<void> | void): void;
}

const limitMs = 10_000;

/** Reads what the store says of itself. Makes and migrates none. Never rejects. */
export async function examineStore(parts: StoreParts): Promise<ExaminedStore> {
  const { store } = parts.config;
  try {
    if (store.kind === 'embedded' && !hasDatabase(store.folder)) return { kind: 'none' };
    return await openAndRead(parts);
  } catch (error) {
    const refusal = describeFailure(error);
    const isOlder = error instanceof SchemaBehind && error.isOlder;
    if (isOlder && store.kind === 'embedded') return { kind: 'older', refusal };
    return { kind: 'failed', refusal };
  }
}

async function openAndRead(parts: StoreParts): Promise<ExaminedStore> {
  const { config, secrets, log } = parts;
  // Whoever wants the embedded store meanwhile waits until it is free again.
  const server = createServer((_asked, answer) => {
    answer.writeHead(503, { 'content-type': 'application/problem+json' });
    answer.end('{"status":503,"detail":"keysweep doctor reads the store"}');
  });
  const connectionLost = (code: string, at: string) =>
    log.debug({ server: at, code }, 'a connection of the database was lost');
  const opening = openStore(config, secrets, server, { connectionLost }, { asIs: true });
  const opened = await inTime(opening, limitMs).catch((error) => {
    opening.then(closeIt, () => undefined);
    throw error;
  });
  if (opened.kind === 'taken') return askHolder(opened.holder, config);
  return readHere(opened, parts);
}

async function readHere(
  store: Extract<OpenedStore, { kind: 'open' }>,
  { config, atEnd }: StoreParts,
): Promise<ExaminedStore> {
  const { database } = store;
  const isServer = database.kind === 'postgres';
  if (isServer) atEnd(() => store.close());
  try {
    const reading = readStoreFacts(database, idsOf(config), config.queue.kind === 'store');
    const facts = await nameRefusal(database, inTime(reading, limitMs));
    return { kind: 'read', facts, database: isServer ? database : undefined, holder: undefined };
  } finally {
    if (!isServer) await store.close();
  }
}

async function askHolder(holder: Holder, config: Config): Promise<ExaminedStore> {
  const there = { ...holder, silenceMs: limitMs / 2 };
  await waitForHolder(there, limitMs / 2);
  const facts = await createRemoteOperations(there).storeFacts({ schedules: idsOf(config) });
  return { kind: 'read', facts, database: undefined, holder: holder.pid };
}

function idsOf({ schedules }: Config): string[] {
  return schedules.map(({ id }) => id);
}

async function closeIt(opened: OpenedStore): Promise<void> {
  if (opened.kind === 'open') await opened.close();
}
