import { sql } from 'kysely';
import type { Approvals } from '../../config/config.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { type Approval, hashApproval, listApproved } from '../../evaluate/waivers/approvals.ts';
import type { Known } from '../../report/people/named-person.ts';
import type { Records, RecordsTransaction } from '../store/database.ts';

/** An approval as it is kept. */
export interface KeptApproval extends Approval {
  /** The login; see `Approver`. */
  readonly person: string;
  readonly by: string;
  readonly known: Known;
  readonly subject: string | null;
  readonly mail: string | null;
  readonly at: Date;
}

type Db = Records | RecordsTransaction;

/** The approvals of the waivers of a policy, the oldest first. */
export async function readApprovals(
  db: Db,
  { waivers }: Pick<Policy, 'waivers'>,
): Promise<readonly KeptApproval[]> {
  if (waivers.length === 0) return [];
  const { rows } = await sql<KeptApproval>`
    select hash, approver, person, by_name as by, known, subject, mail, at
    from keysweep.waiver_approval where hash = any (${waivers.map(hashApproval)}::text[])
    order by at, approver
  `.execute(db);
  return rows;
}

/** Of every waiver that there ever was. */
export async function readAllApprovals(db: Db): Promise<readonly Approval[]> {
  const { rows } = await sql<Approval>`
    select hash, approver from keysweep.waiver_approval
  `.execute(db);
  return rows;
}

/** As `readApprovals`; null where nobody has to sign in to approve. */
export async function readNeededApprovals(
  db: Db,
  approvals: Approvals,
  policy: Pick<Policy, 'waivers'>,
): Promise<readonly KeptApproval[] | null> {
  return approvals === undefined ? null : readApprovals(db, policy);
}

/** The ids of the waivers that count now, as a sweep keeps them; null where all of them do. */
export async function readApproved(
  db: Db,
  approvals: Approvals,
  policy: Pick<Policy, 'waivers'>,
): Promise<readonly string[] | null> {
  const given = await readNeededApprovals(db, approvals, policy);
  return given === null ? null : listApproved(policy.waivers, given);
}
