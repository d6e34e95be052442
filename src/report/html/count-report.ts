import { wholeDays } from '../../keys/days.ts';
import type { BrokenCount, ReportKey, ReportRule, ReportSource } from '../model.ts';

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

/** Counts what the charts show, without keeping any row. */
export async function countReport(report: ReportSource): Promise<ReportCounts> {
  const broken = sumBroken(await report.broken());
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

function sumBroken(counts: readonly BrokenCount[]) {
  const fail = new Map<string, number>();
  const waived = new Map<string, number>();
  const covered = new Map<string, number>();
  for (const { rule, waiver, keys } of counts) {
    add(waiver === null ? fail : waived, rule, keys);
    if (waiver !== null) add(covered, waiver, keys);
  }
  return { fail, waived, covered };
}

/** An unreadable key is unknown to every rule except those that look for unreadable keys. */
async function countUnknown(report: ReportSource) {
  const byRule = new Map<string, number>();
  let wholeKeys = 0;
  for await (const { rule } of report.unknowns()) {
    if (rule === null) wholeKeys += 1;
    else add(byRule, rule, 1);
  }
  return {
    of: ({ id, type }: ReportRule) =>
      (byRule.get(id) ?? 0) + (type === 'unaudited' ? 0 : wholeKeys),
  };
}

type Bin = (typeof binStarts)[number] | 'never used' | 'not known';

async function countIdle({ sweep, lastUses }: ReportSource) {
  const counts = new Map<Bin, number>();
  for await (const some of lastUses()) {
    for (const lastUsed of some) add(counts, binOf(lastUsed, sweep.openedAt), 1);
  }
  const idle = binStarts.map((from, at) => {
    return { from, to: binStarts[at + 1] ?? Number.POSITIVE_INFINITY, keys: counts.get(from) ?? 0 };
  });
  const [neverUsed, notKnown] = [counts.get('never used') ?? 0, counts.get('not known') ?? 0];
  return { idle, neverUsed, notKnown };
}

function binOf(lastUsed: ReportKey['lastUsed'], asOf: Date): Bin {
  if (lastUsed === undefined) return 'not known';
  if (lastUsed === null) return 'never used';
  const days = wholeDays(asOf.getTime() - lastUsed.getTime());
  return binStarts.findLast((start) => days >= start) ?? 0;
}

function add<Name>(counts: Map<Name, number>, name: Name, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}
