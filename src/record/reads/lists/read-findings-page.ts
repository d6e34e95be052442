import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { FindingType } from '../../../evaluate/history/finding-type.ts';
import type { Facts } from '../../../evaluate/judgement.ts';
import { messageOf } from '../../../evaluate/messages.ts';
import { type Severity, severities } from '../../../evaluate/policy/policy.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { markFirstSeen } from '../../../report/simulated.ts';
import type { Database } from '../../store/database.ts';
import {
  type AcknowledgementColumns,
  acknowledgementColumns,
  joinAcknowledgement,
  toAcknowledgement,
} from '../../store/findings/acknowledgements.ts';
import { lastFacts, lastSeenAt } from '../../store/findings/sightings.ts';
import { createCursors, placeText } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import {
  type FindingStatus,
  type FindingsFilter,
  readCondition,
  wantedSeverities,
} from './findings-filter.ts';

export interface FindingRow extends AcknowledgementColumns {
  readonly id: number;
  /** Microseconds since 1970. */
  readonly seen_place: string;
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: FindingType;
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
  readonly key_text: string;
  readonly owner: string | null;
  readonly name: string | null;
  readonly waiver: { readonly id: string } | null;
}

type Place = readonly [severity: Severity, source: string, key: string, rule: string];

const cursors = createCursors<Place>(
  'findings',
  z.tuple([z.enum(severities), placeText, placeText, placeText]),
);

/** A page of findings, highest severity first, then in the order of source, key and rule. */
export async function readFindingsPage(
  database: Database,
  filter: FindingsFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<ReportFinding>> {
  const place = cursors.read(cursor);
  const wanted = wantedSeverities(filter.severity);
  const condition = await readCondition(database, filter);
  const left = place === undefined ? wanted : wanted.slice(wanted.indexOf(place[0]));
  const rows: FindingRow[] = [];
  for (const severity of left) {
    const after = severity === place?.[0] ? place : undefined;
    rows.push(...(await readRows(database, condition, severity, after, limit + 1 - rows.length)));
    if (rows.length > limit) break;
  }
  return toPage(rows, limit, toFinding, ({ severity, source, key_text, rule }) =>
    cursors.write([severity, source, key_text, rule]),
  );
}

/** The next findings of one severity: along the index that has their order. */
async function readRows(
  database: Database,
  condition: RawBuilder<unknown>,
  severity: Severity,
  after: Place | undefined,
  size: number,
): Promise<readonly FindingRow[]> {
  const [, source, key, rule] = after ?? [];
  const begin = after === undefined ? sql`true` : sql`(${order}) > (${source}, ${key}, ${rule})`;
  return readFindingRows(
    database,
    sql`
      select f.id from keysweep.finding f
      where f.severity = ${sql.lit(severity)} and ${begin} and ${condition}
      order by ${order} limit ${size}
    `,
    order,
  );
}

const order = sql`f.source, f.key_text, f.rule collate "C"`;

/** `ids`: an SQL query for the ids of one page; the rest is read for these only, in this order. */
export async function readFindingRows(
  database: Database,
  ids: RawBuilder<unknown>,
  shown: RawBuilder<unknown>,
): Promise<readonly FindingRow[]> {
  const found = await sql<FindingRow>`
    with page as materialized (${ids})
    select f.id, f.fingerprint, f.rule, f.type, f.severity, f.state, f.controls, f.first_seen_at,
      f.first_seen_simulated, f.resolved_at, f.resolution, f.source, f.key_text, f.waiver,
      ${lastSeenAt} as last_seen_at, ${lastFacts} as facts,
      (extract(epoch from f.first_seen_at) * 1000000)::bigint::text as seen_place,
      e.owner, o.content->>'name' as name, ${acknowledgementColumns}
    from page join keysweep.finding f on f.id = page.id
    join keysweep.tracked_key k on k.id = f.key_id
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    ${joinAcknowledgement}
    order by ${shown}
  `.execute(database.db);
  return found.rows;
}

/** All findings of one key, in the order of rules. */
export async function readFindingsOf(
  database: Database,
  keyRow: number,
): Promise<readonly ReportFinding[]> {
  const ids = sql`select id from keysweep.finding where key_id = ${keyRow}`;
  return (await readFindingRows(database, ids, order)).map(toFinding);
}

export function toFinding(row: FindingRow): ReportFinding {
  return {
    fingerprint: row.fingerprint,
    rule: row.rule,
    type: row.type,
    severity: row.severity,
    status: row.state,
    source: row.source,
    keyId: row.key_text,
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
