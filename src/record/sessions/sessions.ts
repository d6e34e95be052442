import { sql } from 'kysely';
import type { CallerRole } from '../../options/roles.ts';
import type { Records, RecordsTransaction } from '../store/database.ts';

type Db = Records | RecordsTransaction;

/** A browser that is signed in; see the table. */
export interface NewSession {
  readonly id: Buffer;
  readonly kind: 'token' | 'oidc';
  readonly name: string;
  readonly role: CallerRole;
  readonly credential: Buffer;
  readonly sealed: Buffer | null;
  /** Of the provider; null for a token. See `ProvenPerson`. */
  readonly subject: string | null;
  readonly mail: string | null;
  readonly login: string | null;
  readonly lastsMs: number;
  /** From now on; at least `lastsMs`. */
  readonly forgottenMs: number;
}

type KeptFields = 'kind' | 'name' | 'credential' | 'sealed' | 'subject' | 'mail' | 'login';

export interface KeptSession extends Pick<NewSession, KeptFields> {
  readonly role: string;
  readonly hasEnded: boolean;
}

/** Adds a session, and removes those that are forgotten. */
export async function addSession(db: Db, session: NewSession): Promise<void> {
  const { id, kind, name, role, credential, sealed, lastsMs, forgottenMs } = session;
  const { subject, mail, login } = session;
  await sql`delete from keysweep.session where forgotten_at <= clock_timestamp()`.execute(db);
  await sql`
    insert into keysweep.session (id, kind, name, role, credential, sealed, subject, mail, login,
      ends_at, forgotten_at)
    values (${id}, ${kind}, ${name}, ${role}, ${credential}, ${sealed}, ${subject}, ${mail}, ${login},
      clock_timestamp() + ${lastsMs} * interval '1 millisecond',
      clock_timestamp() + ${forgottenMs} * interval '1 millisecond')
  `.execute(db);
}

/** The session with this id, unless it is forgotten. */
export async function readSession(db: Db, id: Buffer): Promise<KeptSession | undefined> {
  const found = await sql<KeptSession>`
    select kind, name, role, credential, sealed, subject, mail, login, ends_at <= clock_timestamp() as "hasEnded"
    from keysweep.session where id = ${id} and forgotten_at > clock_timestamp()
  `.execute(db);
  return found.rows[0];
}

/** Ends a session. It is no error if there is none. */
export async function removeSession(db: Db, id: Buffer): Promise<void> {
  await sql`delete from keysweep.session where id = ${id}`.execute(db);
}
