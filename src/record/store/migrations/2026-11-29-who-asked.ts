import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Every change that somebody asked for. `who`: the name of the credential; `asserted`: the name that
 * the request gave itself; `origin`: an address, `socket`, `queue` or `local`. A row is `asked` from
 * before the change until its outcome is known. Refusals that anybody can cause by the thousand are
 * counted, one row for each hour; `ended_at` is the last one.
 */
const keepChanges = sql`
  create table keysweep.audit_record (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    who text,
    role text,
    asserted text,
    what text not null,
    input jsonb not null,
    origin text not null,
    outcome text not null default 'asked'
      check (outcome in ('asked', 'done', 'refused', 'failed', 'denied')),
    reason text,
    ended_at timestamptz,
    request_id uuid,
    times integer not null default 1,
    hour timestamptz
  );
  create index audit_record_at on keysweep.audit_record (at);
  create index audit_record_request on keysweep.audit_record (request_id)
    where request_id is not null;
  create unique index audit_record_hour on keysweep.audit_record
    (hour, what, origin, (coalesce(who, '')), (coalesce(role, ''))) where hour is not null;
`;

export const whoAsked: Migration = {
  async up(db: Kysely<unknown>) {
    await keepChanges.execute(db);
  },
};
