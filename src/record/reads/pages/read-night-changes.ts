import { sql } from 'kysely';
import type { FindingType } from '../../../evaluate/history/finding-type.ts';
import type { Facts } from '../../../evaluate/judgement.ts';
import { messageOf } from '../../../evaluate/messages.ts';
import type { Severity } from '../../../evaluate/policy/policy.ts';
import type { Database } from '../../store/database.ts';
import { isChange } from '../../store/findings/is-change.ts';
import { lastFacts } from '../../store/findings/sightings.ts';
import { severityRank } from './severity-rank.ts';

const nightChangeKinds = ['opened', 'reopened', 'lapsed', 'resolved', 'waived'] as const;
export type NightChangeKind = (typeof nightChangeKinds)[number];

/** A finding that changed, as it is now. */
export interface NightChange {
  readonly kind: NightChangeKind;
  readonly at: Date;
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly resolution: string | null;
  readonly source: string;
  readonly keyId: string;
  readonly keyName: string | null;
  readonly owner: string | null;
  readonly message: string;
}

export interface NightChanges {
  readonly counts: Readonly<Record<NightChangeKind, number>>;
  /** The gravest first; what can be acted on comes before what ended. */
  readonly first: readonly NightChange[];
}

/**
 * What changed in a full sweep and in all that came after it: re-audits and waivers that ended. A
 * finding that has changed again since is listed with its last change only.
 */
export async function readNightChanges(
  { db }: Database,
  sweepRow: number,
  most: number,
): Promise<NightChanges> {
  const counted = await sql<{ kind: NightChangeKind; count: number }>`
    select kind, count(*)::integer as count from keysweep.finding_event v
    where v.sweep_id >= ${sweepRow} and v.kind <> 'reminder' and ${isChange('v')} group by kind
  `.execute(db);
  const listed = await sql<Omit<NightChange, 'message'> & { readonly facts: Facts }>`
    with latest as materialized (
      select v.id, v.kind, v.at, f.id as finding, f.key_id as key_row, f.severity
      from keysweep.finding_event v join keysweep.finding f on f.id = v.finding_id
      where v.sweep_id >= ${sweepRow} and v.kind <> 'reminder' and ${isChange('v')}
        and f.state = case v.kind when 'resolved' then 'resolved' when 'waived' then 'waived'
          else 'open' end
      order by v.kind in ('resolved', 'waived'), ${severityRank('f')} desc, v.id desc
      limit ${most}
    )
    select l.kind, l.at, f.fingerprint, f.rule, f.type, f.severity, f.resolution,
      ${lastFacts} as facts,
      k.source, k.key_id as "keyId", k.seen_name as "keyName", e.owner
    from latest l join keysweep.finding f on f.id = l.finding
    join keysweep.tracked_key k on k.id = f.key_id
    join keysweep.inventory_entry e on e.id = k.entry_id
    order by l.kind in ('resolved', 'waived'), ${severityRank('f')} desc, l.id desc
  `.execute(db);
  return {
    counts: countsOf(counted.rows),
    first: listed.rows.map(({ facts, ...change }) => {
      return { ...change, message: messageOf(change.type, facts) };
    }),
  };
}

function countsOf(rows: readonly { readonly kind: NightChangeKind; readonly count: number }[]) {
  const counts = { opened: 0, reopened: 0, lapsed: 0, resolved: 0, waived: 0 };
  for (const { kind, count } of rows) counts[kind] = count;
  return counts;
}
