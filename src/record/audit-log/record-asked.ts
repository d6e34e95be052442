import { sql } from 'kysely';
import type { Known } from '../../report/people/named-person.ts';
import type { Database, Records, RecordsTransaction } from '../store/database.ts';

/** A change that somebody asks for; its texts are bounded and storable. */
export interface AskedChange {
  /** The name of the credential. */
  readonly who: string;
  readonly role: string | null;
  /** The name that the request gives itself. */
  readonly asserted: string | null;
  /** How `who` is known. */
  readonly known: Known;
  /** What the provider says of `who`; absent for whoever did not sign in there. */
  readonly subject?: string | null;
  readonly mail?: string | null;
  /** The name of the operation. */
  readonly what: string;
  readonly input: object;
  /** An address, `socket`, `queue` or `local`. */
  readonly origin: string;
}

/** How a change ended. `requestId`: of the request that it left to be carried out. */
export interface ChangeEnd {
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly reason?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Records that a change is asked for, before it is made. Returns the id of the record. */
export async function recordAsked(
  db: Records | RecordsTransaction,
  asked: AskedChange,
): Promise<string> {
  const { who, role, asserted, known, subject, mail, what, input, origin } = asked;
  const written = await sql<{ id: string }>`
    insert into keysweep.audit_record (who, role, asserted, known, subject, mail, what, input, origin)
    values (${who}, ${role}, ${asserted}, ${known}, ${subject ?? null}, ${mail ?? null}, ${what},
      ${JSON.stringify(input)}::jsonb, ${origin})
    returning id
  `.execute(db);
  const id = written.rows[0]?.id;
  if (id === undefined) throw new Error('an audit record was written without an id');
  return id;
}

/** Records a change together with its end, in the transaction that makes it. */
export async function recordDone(
  tx: RecordsTransaction,
  asked: AskedChange,
  requestId?: string,
): Promise<void> {
  await recordEnd(tx, await recordAsked(tx, asked), { outcome: 'done', requestId });
}

/** Records how the change of this audit record ended. */
export async function recordEnd(
  db: Records | RecordsTransaction,
  id: string,
  { outcome, reason, requestId }: ChangeEnd,
): Promise<void> {
  await sql`
    update keysweep.audit_record set outcome = ${outcome}, reason = ${reason ?? null},
      request_id = ${requestId ?? null}, ended_at = clock_timestamp()
    where id = ${id}::bigint
  `.execute(db);
}

/** The database for a change: whatever it commits, it commits together with the outcome. */
export function endWithin(database: Database, id: string): Database {
  const ending =
    <T>(work: (tx: RecordsTransaction) => Promise<T>) =>
    async (tx: RecordsTransaction) => {
      const result = await work(tx);
      await recordEnd(tx, id, { outcome: 'done' });
      return result;
    };
  return {
    ...database,
    transact: (work) => database.transact(ending(work)),
    transactLong: (work) => database.transactLong(ending(work)),
  };
}
