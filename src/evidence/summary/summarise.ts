import type { SweepChanges } from '../changes.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { type ClosedSweepLeaf, instantOf, listSweeps } from '../sweeps/closed-sweeps.ts';
import { findLeastCoverage } from '../sweeps/least-coverage.ts';
import { judgeTicks } from '../ticks/judge-ticks.ts';
import type { ScheduleTerms } from '../ticks/list-terms.ts';
import type { Uncovered } from '../ticks/list-uncovered.ts';
import { followFindings } from './follow-findings.ts';
import { type PolicyTexts, readPolicies } from './read-policies.ts';
import { summariseControls } from './summarise-controls.ts';
import { summariseReviews } from './summarise-reviews.ts';
import { summariseWaivers } from './summarise-waivers.ts';
import type { SimulatedSummary, Summary, SweepSummary, SweepsSummary } from './summary.ts';

export interface SummaryInput {
  readonly info: Summary['info'];
  /** All of the log, in order. */
  readonly leaves: readonly NumberedLeaf[];
  /** What the sweeps of the period changed, by their leaves, as far as it is there. */
  readonly changes: ReadonlyMap<number, SweepChanges>;
  /** The policies of these sweeps, as far as they are there. */
  readonly policies: PolicyTexts;
}

export function summarise({ info, leaves, changes, policies: texts }: SummaryInput): Summary {
  const period = { from: new Date(info.from), to: new Date(info.to) };
  const newest = leaves.at(-1)?.at.getTime() ?? Infinity;
  const asOf = new Date(Math.min(newest, period.to.getTime()));
  const sweeps = listSweeps(leaves, period);
  const { counts, unheld, uncovered, unreadable } = judgeTicks(leaves, period);
  const policies = readPolicies(sweeps, texts);
  const findings = followFindings({ leaves, sweeps, changes, period, asOf }, policies);
  const waivers = summariseWaivers(leaves, period, policies);
  const input = { sweeps, policies, findings, changes, asOf };
  return {
    ...{ info, ...period, asOf, ticks: counts, unheld },
    uncovered: [...uncovered, ...unreadable.map((terms) => describeUnreadable(terms, period))],
    sweeps: summariseSweeps(sweeps, changes),
    policies: policies.listed,
    controls: summariseControls(input),
    ...{ findings, waivers },
    reviews: summariseReviews(leaves, period),
    simulated: listSimulated(leaves).filter(
      ({ from, to }) => from < period.to && to >= period.from,
    ),
  };
}

function summariseSweeps(
  sweeps: readonly ClosedSweepLeaf[],
  changes: ReadonlyMap<number, SweepChanges>,
): SweepsSummary {
  const full = sweeps.filter(({ event }) => event.scope === 'full');
  const last = full.at(-1);
  const listed = sweeps.map(summariseSweep);
  return {
    full: full.length,
    partial: sweeps.length - full.length,
    listed,
    incomplete: listed.filter(({ status }) => status === 'incomplete'),
    least: findLeastCoverage(full),
    last: last && summariseSweep(last),
    removed: sweeps.flatMap(({ n }) => (changes.has(n) ? [] : [n])),
  };
}

function summariseSweep(leaf: ClosedSweepLeaf): SweepSummary {
  const { n, event } = leaf;
  const { sweep, scope, status, schedule, coverage, verdicts } = event;
  const { tracked, audited, partial } = coverage;
  return {
    ...{ leaf: n, sweep, scope, status, schedule, at: instantOf(leaf) },
    ...{ tracked, audited, partial, verdicts },
  };
}

/** What such a schedule made due is not known. */
function describeUnreadable({ after, until }: ScheduleTerms, { from, to }: Period): Uncovered {
  const end = until ?? to;
  return {
    from: after > from ? after : from,
    to: end < to ? end : to,
    because: 'unreadable-schedule',
  };
}

function listSimulated(leaves: readonly NumberedLeaf[]): readonly SimulatedSummary[] {
  return leaves.flatMap(({ n, event }) => {
    if (event.event !== 'simulated') return [];
    const { sweeps, from, to } = event;
    return [{ leaf: n, sweeps, from: new Date(from), to: new Date(to) }];
  });
}
