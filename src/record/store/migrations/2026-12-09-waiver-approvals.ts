import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Who approved which waiver, in the place of which of its `approvedBy` (`approver`). `hash`: see
 * `hashApproval`; `person`: the login, of which each may approve a waiver once. A sweep keeps the ids
 * of the waivers that counted when it was opened; null: `approvals` was not set, and all counted.
 */
const keepApprovals = sql`
  create table keysweep.waiver_approval (
    hash text not null,
    approver text not null,
    waiver text not null,
    person text not null,
    by_name text not null,
    known text not null,
    subject text,
    mail text,
    at timestamptz not null default clock_timestamp(),
    primary key (hash, approver),
    unique (hash, person)
  );
  alter table keysweep.sweep add column approved_waivers text[];
`;

export const waiverApprovals: Migration = {
  async up(db: Kysely<unknown>) {
    await keepApprovals.execute(db);
  },
};
