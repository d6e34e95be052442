import { sql } from 'kysely';
import { version } from '../../config/version.ts';
import type { LogEvent } from '../../evidence/leaves/events.ts';
import { encodeLeaf, type Subjects } from '../../evidence/leaves/leaf.ts';
import { hashLeaf, rootOf } from '../../evidence/log/merkle.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { adoptSeals } from './adopt-seals.ts';

/** What happened, without the instant, which the log gives. */
export type EventToLog = LogEvent extends infer Event
  ? Event extends LogEvent
    ? Omit<Event, 'at'>
    : never
  : never;

/** A leaf as it was appended. */
export interface AppendedLeaf {
  readonly n: number;
  readonly at: Date;
}

interface Head {
  readonly installation: string;
  readonly size: number;
  /** The instant of the next leaf: no earlier than that of the one before. */
  readonly at: Date;
}

/**
 * Appends an event to the evidence log, in the transaction of what it tells. It locks the head of
 * the log until that ends, so it comes last, after all other locks. The first call also tells that
 * the log was created, and what became of the seals of earlier builds.
 */
export async function appendLeaf(
  tx: RecordsTransaction,
  event: EventToLog,
  subjects: Subjects = {},
): Promise<AppendedLeaf> {
  const head = await lockHead(tx);
  if (head.size > 0) return write(tx, head, event, subjects);
  const { installation } = head;
  await write(tx, head, { event: 'log-created', installation, keysweep: version() }, {});
  const seals = await adoptSeals(tx);
  if (seals !== undefined) await write(tx, await lockHead(tx), seals.event, seals.subjects);
  return write(tx, await lockHead(tx), event, subjects);
}

async function lockHead(tx: RecordsTransaction): Promise<Head> {
  const { rows } = await sql<Head>`
    select installation, size::float8 as size,
      greatest(at, date_trunc('milliseconds', clock_timestamp())) as at
    from keysweep.log_head for update
  `.execute(tx);
  const [head] = rows;
  if (head !== undefined) return head;
  await sql`insert into keysweep.log_head default values on conflict do nothing`.execute(tx);
  return lockHead(tx);
}

async function write(
  tx: RecordsTransaction,
  { size: n, at }: Head,
  event: EventToLog,
  subjects: Subjects,
): Promise<AppendedLeaf> {
  const said = { ...event, at: at.toISOString() } as LogEvent;
  const body = encodeLeaf({ event: said, subjects });
  await sql`
    with head as (update keysweep.log_head set size = ${n + 1}, at = ${at})
    insert into keysweep.log_leaf (n, at, body, hash)
    values (${n}, ${at}, ${body}, ${hashLeaf(Buffer.from(body))})
  `.execute(tx);
  await keepTiles(tx, n + 1);
  return { n, at };
}

/** Hashes in a full tile: https://c2sp.org/tlog-tiles */
const tileWidth = 256;

/** Keeps each tile that the last leaf has filled. */
async function keepTiles(tx: RecordsTransaction, size: number): Promise<void> {
  let width = tileWidth;
  for (let level = 0; size % width === 0; level += 1, width *= tileWidth) {
    const n = size / width - 1;
    const hashes = await readTileHashes(tx, level, n);
    await tx
      .insertInto('log_tile')
      .values({ level, n: String(n), root: rootOf(hashes), hashes: Buffer.concat(hashes) })
      .execute();
  }
}

/** The hashes of a full tile: of leaves, or of the full tiles one level below. */
async function readTileHashes(
  tx: RecordsTransaction,
  level: number,
  n: number,
): Promise<readonly Buffer[]> {
  const [from, to] = [n * tileWidth, (n + 1) * tileWidth];
  const { rows } = await sql<{ hash: Uint8Array }>`
    ${level === 0 ? sql`select hash from keysweep.log_leaf where true` : sql`select root as hash from keysweep.log_tile where level = ${level - 1}`}
      and n >= ${from} and n < ${to} order by n
  `.execute(tx);
  return rows.map(({ hash }) => Buffer.from(hash));
}
