import { sql } from 'kysely';
import { hashApproval } from '../../evaluate/waivers/approvals.ts';
import { type Approver, planApproval } from '../../evaluate/waivers/plan-approval.ts';
import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import type { Known } from '../../report/people/named-person.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { type KeptApproval, readApprovals } from './read-approvals.ts';

/** Who approves a waiver, and how they are known. */
export interface ApprovalRequest extends Approver {
  readonly waiver: Waiver;
  readonly by: string;
  readonly known: Known;
  readonly subject: string | null;
  readonly mail: string | null;
}

export interface ApprovedWaiver {
  /** This one, or the one that the person gave before. */
  readonly approval: KeptApproval;
  readonly before: boolean;
  /** Those of `approvedBy` who have not approved it yet. */
  readonly waitsFor: readonly string[];
}

/**
 * Keeps that somebody approves a waiver, and tells the evidence log. A second time changes nothing.
 * Throws `RequestRefused` for whoever may not.
 */
export async function recordApproval(
  database: Database,
  request: ApprovalRequest,
): Promise<ApprovedWaiver> {
  const { waiver } = request;
  return database.transact(async (tx) => {
    // Two approvals at once must not be one person's, nor in one name.
    await sql`lock table keysweep.waiver_approval in share row exclusive mode`.execute(tx);
    const given = await readApprovals(tx, { waivers: [waiver] });
    const planned = planApproval(waiver, request, given);
    if (planned.kind === 'refuse') throw new RequestRefused(planned.why);
    const { approver } = planned;
    if (planned.kind === 'approve') await writeApproval(tx, request, approver);
    const all = await readApprovals(tx, { waivers: [waiver] });
    const approval = all.find((one) => one.approver === approver);
    if (approval === undefined) throw new Error('an approval was not kept');
    const approved = new Set(all.map((one) => one.approver));
    const waitsFor = waiver.approvedBy.filter((name) => !approved.has(name));
    return { approval, before: planned.kind === 'before', waitsFor };
  });
}

async function writeApproval(
  tx: RecordsTransaction,
  { waiver, person, by, known, subject, mail }: ApprovalRequest,
  approver: string,
): Promise<void> {
  const hash = hashApproval(waiver);
  await sql`
    insert into keysweep.waiver_approval
      (hash, approver, waiver, person, by_name, known, subject, mail)
    values (${hash}, ${approver}, ${waiver.id}, ${person}, ${by}, ${known}, ${subject}, ${mail})
  `.execute(tx);
  await appendLeaf(tx, {
    ...{ event: 'waiver-approved', waiver: waiver.id, hash, approver },
    ...{ by, known, asserted: null, subject, mail },
  });
}
