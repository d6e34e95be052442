import { sql } from 'kysely';
import type { Known } from '../../report/people/named-person.ts';
import type { AskedChange } from '../audit-log/record-asked.ts';
import { recordQueued, recordRefusal, recordRefused } from '../audit-log/record-requests.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { isRefusedData } from '../store/is-refused-data.ts';
import { readWaits, type SweepWaits } from './read-waits.ts';

/** A request to audit the named keys, or all keys if `keys` is undefined. */
export interface AuditRequest {
  readonly keys: readonly { readonly source: string; readonly keyId: string }[] | undefined;
  readonly reason: string | null;
  readonly requestedBy: string | null;
  /** How `requestedBy` is known; a name that came over the queue is only asserted. */
  readonly known?: Known;
  /** What the provider says of whoever signed in there. */
  readonly subject?: string | null;
  readonly mail?: string | null;
  readonly files?: RequestedFiles | undefined;
}

/** The files that a request is to be carried out with. */
export interface RequestedFiles {
  /** The hashes of the files that the sender has read; null: those of whoever opens the sweep. */
  readonly policy: string | null;
  readonly inventory: string | null;
  /** Whether the inventory is accepted, whatever it drops. */
  readonly replacesInventory: boolean;
}

const anyFiles: RequestedFiles = { policy: null, inventory: null, replacesInventory: false };

/**
 * Records a request, before any job is queued for it. A job of another program that runs twice
 * (`producerJob`, its id) is one request; `asked`: what the audit record says of it. Returns the
 * request's id. Throws `RequestRefused` if the request holds text that the database cannot store,
 * because no tracked key has such a name.
 */
export async function writeRequest(
  database: Database,
  request: AuditRequest,
  producerJob: string | null,
  asked?: AskedChange,
): Promise<string> {
  return database
    .transact(async (tx) => {
      const id = await insertRequest(tx, request, producerJob);
      if (asked !== undefined) await recordQueued(tx, id, asked);
      return id;
    })
    .catch(async (error) => {
      if (!isRefusedData(error)) throw error;
      const reason = 'the request holds characters that cannot be kept';
      if (asked !== undefined) await database.transact((tx) => recordRefused(tx, asked, reason));
      throw new RequestRefused(reason);
    });
}

async function insertRequest(
  tx: RecordsTransaction,
  request: AuditRequest,
  producerJob: string | null,
): Promise<string> {
  const { keys, reason, requestedBy, files = anyFiles, subject = null, mail = null } = request;
  const known = requestedBy === null ? null : (request.known ?? 'asserted');
  const scope = keys === undefined ? 'full' : 'partial';
  const named = keys && JSON.stringify(keys.map(({ source, keyId }) => [source, keyId]));
  const written = await sql<{ id: string }>`
    insert into keysweep.request (scope, keys, reason, requested_by, requested_known,
      requested_subject, requested_mail, producer_job, policy_hash, inventory_hash, replaces_inventory)
    values (${scope}, ${named ?? null}::jsonb, ${reason}, ${requestedBy}, ${known},
      ${subject}, ${mail}, ${producerJob}, ${files.policy}, ${files.inventory}, ${files.replacesInventory})
    on conflict (producer_job) do update set producer_job = excluded.producer_job
    returning id
  `.execute(tx);
  const id = written.rows[0]?.id;
  if (id === undefined) throw new Error('a request was written without an id');
  return id;
}

/** The files that a request is to be carried out with. */
export async function readRequestedFiles(
  database: Database,
  requestId: string,
): Promise<RequestedFiles> {
  const found = await database.db
    .selectFrom('request')
    .select(['policy_hash as policy', 'inventory_hash as inventory'])
    .select('replaces_inventory as replacesInventory')
    .where('id', '=', requestId)
    .executeTakeFirst();
  return found ?? anyFiles;
}

/** Ends a request that cannot be opened, and keeps the reason for the callers that wait for it. */
export async function refuseRequest(
  database: Database,
  requestId: string,
  reason: string,
): Promise<void> {
  await database.transact(async (tx) => {
    const refused = await tx
      .updateTable('request')
      .set({ refused: reason })
      .where('id', '=', requestId)
      .where('sweep_id', 'is', null)
      .executeTakeFirst();
    if (refused.numUpdatedRows > 0n) await recordRefusal(tx, requestId, reason);
  });
}

/** The progress of a request; undefined if there is no such request. */
export interface RequestProgress {
  readonly refused: string | null;
  readonly sweepId: string | null;
  readonly tracked: number;
  readonly judged: number;
  readonly closed: boolean;
  readonly pendingAlerts: number;
  /** Whether its sweep is open past its deadline. */
  readonly overdue: boolean;
  /** While the sweep is open. */
  readonly waits: SweepWaits | null;
}

export async function readProgress(
  database: Database,
  requestId: string,
): Promise<RequestProgress | undefined> {
  const found = await sql<Omit<RequestProgress, 'waits'>>`
    select r.refused, s.uuid as "sweepId", coalesce(s.tracked, 0) as tracked,
      s.closed_at is not null as closed,
      s.closed_at is null and coalesce(s.deadline_at < clock_timestamp(), false) as overdue,
      coalesce(s.tracked - (
        select sum(b.pending)::integer from keysweep.sweep_batch b where b.sweep_id = s.id
      ), 0) as judged,
      (select count(*)::integer from keysweep.alert a
       where a.sweep_id = s.id and a.state = 'pending') as "pendingAlerts"
    from keysweep.request r left join keysweep.sweep s on s.id = r.sweep_id
    where r.id = ${requestId}::uuid
  `.execute(database.db);
  const [row] = found.rows;
  if (row === undefined) return undefined;
  const waits = row.sweepId === null || row.closed ? null : await readWaits(database, row.sweepId);
  return { ...row, waits };
}
