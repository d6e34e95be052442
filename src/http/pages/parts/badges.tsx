import type { Severity } from '../../../evaluate/policy/policy.ts';

export function SeverityWord({ severity }: { severity: Severity }) {
  return <span class={`sev ${severity}`}>{severity}</span>;
}

/** How a sweep ended, or that it has not. */
export function StatusBadge({ status }: { status: 'complete' | 'incomplete' | 'open' }) {
  const tone = { complete: 'pass', incomplete: 'unknown', open: 'none' }[status];
  return <span class={`badge is-${tone}`}>{status === 'open' ? 'running' : status}</span>;
}
