import { sql } from 'kysely';
import type { Facts } from '../../evaluate/judgement.ts';
import { messageOf } from '../../evaluate/messages.ts';
import { type RuleType, type Severity, severities } from '../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../evaluate/policy/severity.ts';
import type { ReportFinding } from '../../report/model.ts';
import { markFirstSeen } from '../../report/simulated.ts';
import {
  type AcknowledgementColumns,
  acknowledgementColumns,
  joinAcknowledgement,
  toAcknowledgement,
} from '../store/acknowledgements.ts';
import type { Database } from '../store/database.ts';
import { readByIds } from '../store/read-by-ids.ts';
import { type FindingStatus, type FindingsFilter, findingsWhere } from './findings-filter.ts';

interface FindingRow extends AcknowledgementColumns {
  readonly id: number;
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: RuleType;
  readonly severity: Severity;
  readonly state: FindingStatus;
  readonly facts: Facts;
  readonly controls: string[];
  readonly first_seen_at: Date;
  readonly first_seen_simulated: boolean;
  readonly last_seen_at: Date;
  readonly resolved_at: Date | null;
  readonly resolution: ReportFinding['resolution'];
  readonly source: string;
  readonly key_id: string;
  readonly owner: string | null;
  readonly name: string | null;
  readonly waiver: { readonly id: string } | null;
}

/** Findings, highest severity first, then in the order of source, key and rule. */
export async function* readFindings(
  database: Database,
  filter: FindingsFilter,
): AsyncIterable<ReportFinding> {
  const wanted = [...severities].reverse().filter((one) => isAtLeast(one, filter.severity));
  for (const severity of wanted) yield* readSeverity(database, filter, severity);
}

async function* readSeverity(
  database: Database,
  filter: FindingsFilter,
  severity: Severity,
): AsyncIterable<ReportFinding> {
  const listed = await sql<{ id: number }>`
    select f.id from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
      join keysweep.inventory_entry e on e.id = k.entry_id
    where f.severity = ${severity} and f.state = any (${[...filter.statuses]}::text[])
      and ${findingsWhere(filter)}
    order by k.source, k.key_id, f.rule collate "C"
  `.execute(database.db);
  const ids = listed.rows.map(({ id }) => id);
  const rows = readByIds(ids, (some) =>
    sql<FindingRow>`
      select f.*, k.source, k.key_id, e.owner, o.content->>'name' as name,
        ${acknowledgementColumns}
      from keysweep.finding f
      join keysweep.tracked_key k on k.id = f.key_id
      join keysweep.inventory_entry e on e.id = k.entry_id
      left join keysweep.observation o on o.id = k.observation_id
      ${joinAcknowledgement}
      where f.id = any (${some}::integer[])
    `.execute(database.db),
  );
  for await (const row of rows) yield toFinding(row);
}

function toFinding(row: FindingRow): ReportFinding {
  return {
    fingerprint: row.fingerprint,
    rule: row.rule,
    type: row.type,
    severity: row.severity,
    status: row.state,
    source: row.source,
    keyId: row.key_id,
    message: messageOf(row.type, row.facts),
    facts: row.facts,
    controls: row.controls,
    waiver: row.waiver?.id ?? null,
    firstSeen: row.first_seen_at,
    ...markFirstSeen(row.first_seen_simulated),
    lastSeen: row.last_seen_at,
    resolvedAt: row.resolved_at,
    resolution: row.resolution,
    acknowledgement: toAcknowledgement(row),
    keyName: row.name ?? undefined,
    owner: row.owner,
  };
}
