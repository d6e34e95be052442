import { wholeDays } from '../../keys/days.ts';
import { compareCodePoints } from '../../text/compare-code-points.ts';
import type { StandingFindings, SweepChanges } from '../changes.ts';
import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import { findLeastCoverage } from '../sweeps/least-coverage.ts';
import { isFor } from './findings-of.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { ControlSummary, FindingSummary } from './summary.ts';

export interface ControlsInput {
  readonly sweeps: readonly ClosedSweepLeaf[];
  readonly policies: PoliciesRead;
  readonly findings: readonly FindingSummary[];
  readonly changes: ReadonlyMap<number, SweepChanges>;
  readonly asOf: Date;
}

/** What the evidence says of each control that a policy of the period names, or a finding. */
export function summariseControls(input: ControlsInput): readonly ControlSummary[] {
  const rules = listRules(input);
  const full = input.sweeps.filter(({ event }) => event.scope === 'full');
  const last = full.at(-1);
  const standing = last && input.changes.get(last.n)?.standing;
  const of = { ...input, full, standing: standing ?? undefined };
  return [...rules]
    .sort(([one], [other]) => byName(one, other))
    .map(([control, named]) => summariseControl(control, named, of));
}

/** A sweep of the period may close after its end. */
function daysUntil(asOf: Date, since: number): number {
  return Math.max(0, wholeDays(asOf.getTime() - since));
}

/** Controls by their names; last the rules without one. */
function byName(one: string | null, other: string | null): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  return compareCodePoints(one, other);
}

/** The rules of each control. Null: those that are for none. */
function listRules({ policies, findings, changes }: ControlsInput) {
  const standing = [...changes.values()].flatMap((one) => one.standing ?? []);
  const known: (readonly [rule: string, controls: readonly string[]])[] = [
    ...[...policies.byHash.values()].flatMap((rules) => [...rules]),
    ...findings.map(({ rule, controls }) => [rule, controls] as const),
    // A rule that keysweep added to the policy has no control.
    ...standing.flatMap(({ rule }) => (policies.controls.has(rule) ? [] : [[rule, []] as const])),
  ];
  const rules = new Map<string | null, Set<string>>();
  for (const [rule, controls] of known) {
    for (const control of controls.length === 0 ? [null] : controls) {
      const named = rules.get(control) ?? new Set();
      rules.set(control, named.add(rule));
    }
  }
  return rules;
}

interface OfPeriod extends ControlsInput {
  readonly full: readonly ClosedSweepLeaf[];
  readonly standing: readonly StandingFindings[] | undefined;
}

function summariseControl(
  control: string | null,
  rules: ReadonlySet<string>,
  { full, policies, findings, standing, asOf }: OfPeriod,
): ControlSummary {
  const checking = full.filter(({ subjects }) => {
    const ofPolicy = policies.byHash.get(subjects.policy ?? '');
    return [...rules].some((rule) => {
      const controls = ofPolicy?.get(rule);
      return controls !== undefined && isFor(controls, control);
    });
  });
  const own = findings.filter(({ controls }) => isFor(controls, control));
  const stands = standing?.filter(({ rule }) => rules.has(rule));
  const days = [
    ...own.flatMap((one) => (one.state === 'closed' ? (one.days ?? []) : [])),
    ...(stands ?? []).map(({ since }) => daysUntil(asOf, since)),
  ];
  return {
    ...{ control, rules: [...rules].sort(compareCodePoints) },
    checked: checking.length,
    isCurrent: checking.length > 0 && checking.at(-1) === full.at(-1),
    least: findLeastCoverage(checking),
    opened: own.filter(({ openedLeaf }) => openedLeaf !== undefined).length,
    closed: own.filter(({ state }) => state === 'closed').length,
    standing: stands && {
      open: stands.reduce((sum, { open }) => sum + open, 0),
      waived: stands.reduce((sum, { waived }) => sum + waived, 0),
    },
    longestDays: days.length === 0 ? undefined : days.reduce((a, b) => Math.max(a, b), 0),
  };
}
