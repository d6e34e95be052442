import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Browsers that are signed in. `id`: the SHA-256 of the cookie; `credential`: which token or which
 * provider it was, in a form that says nothing without the cookie; `sealed`: what only the holder of
 * the cookie can open. A session that ended can be renewed until `forgotten_at`, if its kind can.
 */
const keepSessions = sql`
  create table keysweep.session (
    id bytea primary key,
    kind text not null check (kind in ('token', 'oidc')),
    name text not null,
    role text not null,
    credential bytea not null,
    sealed bytea,
    started_at timestamptz not null default clock_timestamp(),
    ends_at timestamptz not null,
    forgotten_at timestamptz not null
  );
  create index session_forgotten on keysweep.session (forgotten_at);
`;

export const keptSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await keepSessions.execute(db);
  },
};
