import { wholeDays } from '../../keys/days.ts';
import type { ReportKey, ReportRule, ReportSource } from '../model.ts';

/** How many keys each state of a rule has. `clear`: the rule passed or does not match the key. */
export interface RuleStanding {
  readonly rule: ReportRule;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly clear: number;
}

/** A range of whole days without use. `from` is included, `to` is excluded. */
export interface IdleBin {
  readonly from: number;
  readonly to: number;
  readonly keys: number;
}

export interface ReportCounts {
  readonly rules: readonly RuleStanding[];
  readonly idle: readonly IdleBin[];
  readonly neverUsed: number;
  readonly notKnown: number;
  /** How many violations each waiver covers, by its id. */
  readonly covered: ReadonlyMap<string, number>;
}

/** The limits that policies use most, so that the chart shows the keys beyond them. */
const binStarts = [0, 7, 30, 45, 90, 180, 365] as const;

/** Counts what the charts show, in one pass, without keeping any row. */
export async function countReport(report: ReportSource): Promise<ReportCounts> {
  const broken = await countBroken(report);
  const unknown = await countUnknown(report);
  const { tracked } = report.coverage;
  const rules = report.rules.map((rule) => {
    const fail = broken.fail.get(rule.id) ?? 0;
    const waived = broken.waived.get(rule.id) ?? 0;
    const unjudged = unknown.of(rule);
    const clear = Math.max(0, tracked - fail - waived - unjudged);
    return { rule, fail, waived, unknown: unjudged, clear };
  });
  return { rules, ...(await countIdle(report)), covered: broken.covered };
}

async function countBroken(report: ReportSource) {
  const fail = new Map<string, number>();
  const waived = new Map<string, number>();
  const covered = new Map<string, number>();
  for await (const { rule, status, waiver } of report.violations()) {
    add(status === 'open' ? fail : waived, rule);
    if (waiver !== null) add(covered, waiver);
  }
  return { fail, waived, covered };
}

/** An unreadable key is unknown to every rule except those that look for unreadable keys. */
async function countUnknown(report: ReportSource) {
  const byRule = new Map<string, number>();
  let wholeKeys = 0;
  for await (const { rule } of report.unknowns()) {
    if (rule === null) wholeKeys += 1;
    else add(byRule, rule);
  }
  return {
    of: ({ id, type }: ReportRule) =>
      (byRule.get(id) ?? 0) + (type === 'unaudited' ? 0 : wholeKeys),
  };
}

async function countIdle(report: ReportSource) {
  const counts = binStarts.map(() => 0);
  let neverUsed = 0;
  let notKnown = 0;
  for await (const key of report.keys()) {
    const days = idleDays(key, report.sweep.openedAt);
    if (days === undefined) notKnown += 1;
    else if (days === null) neverUsed += 1;
    else {
      const bin = binStarts.findLastIndex((start) => days >= start);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  const idle = binStarts.map((from, at) => {
    return { from, to: binStarts[at + 1] ?? Number.POSITIVE_INFINITY, keys: counts[at] ?? 0 };
  });
  return { idle, neverUsed, notKnown };
}

function idleDays({ lastUsed }: ReportKey, asOf: Date): number | null | undefined {
  if (lastUsed === null || lastUsed === undefined) return lastUsed;
  return Math.max(0, wholeDays(asOf.getTime() - lastUsed.getTime()));
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
