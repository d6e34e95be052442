import { applies } from '../../evaluate/policy/match.ts';
import { findWaiting } from '../../evaluate/waivers/approvals.ts';
import { type CompiledWaiver, compileWaivers } from '../../evaluate/waivers/compile-waivers.ts';
import { readApprovals } from '../../record/approvals/read-approvals.ts';
import { type MatchableKey, readMatchables } from '../../record/reads/lists/read-matchables.ts';
import type { ReportFinding } from '../../report/model.ts';
import type { Means } from '../operation.ts';

/**
 * The findings; the open ones with the waivers of the policy in use that would cover them, but wait
 * for their approval.
 */
export async function markWaiting(
  { database, config }: Pick<Means, 'database' | 'config'>,
  findings: readonly ReportFinding[],
  now: Date,
): Promise<readonly ReportFinding[]> {
  const { policy } = config.policy;
  if (config.approvals === undefined || policy.waivers.length === 0) return findings;
  const waiting = findWaiting(policy.waivers, await readApprovals(database.db, policy));
  const approvers = new Map(waiting.map((one) => [one.waiver.id, one.approvers]));
  const { rules } = policy;
  const compiled = compileWaivers({ rules, waivers: waiting.map(({ waiver }) => waiver) });
  const meant = findings.map(({ status, rule, source, keyId }) =>
    status === 'open' ? compiled.find(rule, source, keyId).filter(isInForce(now)) : [],
  );
  const broad = findings.filter((_one, at) => meant[at]?.some(({ match }) => match !== null));
  const known = new Map(
    (await readMatchables(database, broad)).map((key) => [nameOf(key), key] as const),
  );
  return findings.map((finding, at) => {
    const key = known.get(nameOf(finding));
    const waitsFor = (meant[at] ?? [])
      .filter((waiver) => mayCover(waiver, key))
      .map(({ id }) => ({ waiver: id, approvers: approvers.get(id) ?? [] }));
    return waitsFor.length === 0 ? finding : { ...finding, waitsFor };
  });
}

const isInForce = (now: Date) => (waiver: CompiledWaiver) => waiver.expires > now.getTime();

/** A waiver that lists its keys covers them. */
function mayCover({ match }: CompiledWaiver, key: MatchableKey | undefined): boolean {
  if (match === null) return true;
  return key !== undefined && applies(match, key).answer === 'yes';
}

function nameOf({ source, keyId }: { readonly source: string; readonly keyId: string }): string {
  return JSON.stringify([source, keyId]);
}
