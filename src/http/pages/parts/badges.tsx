import type { Verdict } from '../../../evaluate/judgement.ts';
import type { Severity } from '../../../evaluate/policy/policy.ts';
import { notAudited } from '../../../report/model.ts';

export function SeverityWord({ severity }: { severity: Severity }) {
  return <span class={`sev ${severity}`}>{severity}</span>;
}

/** A verdict; null before the first sweep of a key. */
export function VerdictBadge({ verdict }: { verdict: Verdict | null }) {
  return <span class={`badge is-${verdict ?? 'none'}`}>{verdict ?? notAudited}</span>;
}

/** How a sweep ended, or that it has not. */
export function StatusBadge({ status }: { status: 'complete' | 'incomplete' | 'open' }) {
  const tone = { complete: 'pass', incomplete: 'unknown', open: 'none' }[status];
  return <span class={`badge is-${tone}`}>{status === 'open' ? 'running' : status}</span>;
}
