import { sql } from 'kysely';
import type { FindingType } from '../../evaluate/history/finding-type.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import { messageOf } from '../../evaluate/messages.ts';
import { applies, type CompiledMatch } from '../../evaluate/policy/match.ts';
import type { Severity } from '../../evaluate/policy/severity.ts';
import { readScopes } from '../../evaluate/scope.ts';
import { type DetailsJson, toDetailsJson } from '../../keys/detail-fields.ts';
import type { ListedForReview, ReviewFinding } from '../../report/review/review-model.ts';
import { type ListedRow, listedColumns, toListed } from '../reads/lists/listed-key.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { lastFacts } from '../store/findings/sightings.ts';
import { toDetails } from '../store/observation-content.ts';

/** A tracked key as it is now. `row`: its id in the records. */
export interface KeyToReview {
  readonly row: number;
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly listed: ListedForReview;
}

/** PGlite blocks the process while a statement runs. */
export const keysAtOnce = 1_000;

/** A tracked key that a campaign lists. `row`: its id in the records. */
export interface WantedKey {
  readonly row: number;
  readonly owner: string | null;
}

interface MatchedRow {
  readonly id: number;
  readonly source: string;
  readonly key_id: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: string[];
  readonly type: string | null;
  readonly scopes: readonly string[] | null;
}

/**
 * The tracked keys to which a match applies, in the order of source and key id. A key is listed too
 * where an unreadable field leaves it open whether the match applies: to leave one out is worse.
 */
export async function findListed(
  tx: RecordsTransaction,
  match: CompiledMatch,
): Promise<readonly WantedKey[]> {
  const wanted: WantedKey[] = [];
  let after: readonly [string, string] = ['', ''];
  for (;;) {
    const rows = await readMatched(tx, after);
    const last = rows.at(-1);
    if (last === undefined) return wanted;
    after = [last.source, last.key_id];
    for (const row of rows)
      if (isWanted(row, match)) wanted.push({ row: row.id, owner: row.owner });
  }
}

/** The page comes first: else the planner may sort all keys for each of them. */
async function readMatched(
  tx: RecordsTransaction,
  [source, key]: readonly [string, string],
): Promise<readonly MatchedRow[]> {
  const found = await sql<MatchedRow>`
    with page as materialized (
      select k.id from keysweep.tracked_key k
      where k.untracked_at is null and (k.source, k.key_id) > (${source}, ${key})
      order by k.source, k.key_id limit ${keysAtOnce}
    )
    select k.id, k.source, k.key_id, e.owner, e.environment, e.tags,
      coalesce(o.content->>'type', k.seen_type) as type, o.content->'scopes' as scopes
    from page join keysweep.tracked_key k on k.id = page.id
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    order by k.source, k.key_id
  `.execute(tx);
  return found.rows;
}

function isWanted(row: MatchedRow, match: CompiledMatch): boolean {
  const { source, owner, environment, tags, type, scopes } = row;
  const key = { source, owner, environment, tags, type: type ?? undefined };
  return applies(match, { ...key, scopes: readScopes(scopes ?? undefined) }).answer !== 'no';
}

interface Row extends ListedRow {
  readonly id: number;
  readonly seen_name: string | null;
  readonly seen_type: string | null;
  readonly seen_last_four: string | null;
}

/** These keys as they are now, in the order of source and key id. */
export async function readListed(
  tx: RecordsTransaction,
  wanted: readonly WantedKey[],
): Promise<readonly KeyToReview[]> {
  const { rows } = await sql<Row>`
    select k.id, ${listedColumns}, k.seen_name, k.seen_type, k.seen_last_four
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    where k.id = any (${wanted.map(({ row }) => row)}::integer[])
    order by k.source, k.key_id
  `.execute(tx);
  const findings = await readFindings(tx, rows);
  return rows.map((row) => toKey(row, findings.get(row.id) ?? []));
}

interface FindingOfKey {
  readonly key_id: number;
  readonly rule: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly state: 'open' | 'waived';
  readonly facts: Facts;
  readonly first_seen_at: Date;
  readonly waiver: { readonly id: string } | null;
}

/** The findings that have not ended, by the row of their key, in the order of their rules. */
async function readFindings(
  tx: RecordsTransaction,
  rows: readonly Row[],
): Promise<ReadonlyMap<number, readonly ReviewFinding[]>> {
  const found = await sql<FindingOfKey>`
    select f.key_id, f.rule, f.type, f.severity, f.state, ${lastFacts} as facts, f.first_seen_at,
      f.waiver
    from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
    where f.state <> 'resolved' and f.key_id = any (${rows.map(({ id }) => id)}::integer[])
    order by f.key_id, f.rule collate "C"
  `.execute(tx);
  const findings = new Map<number, ReviewFinding[]>();
  for (const { key_id, type, state, facts, first_seen_at, waiver, ...rest } of found.rows) {
    const finding = {
      ...{ rule: rest.rule, severity: rest.severity, status: state },
      message: messageOf(type, facts),
      firstSeen: first_seen_at.toISOString(),
      waiver: waiver?.id ?? null,
    };
    findings.set(key_id, [...(findings.get(key_id) ?? []), finding]);
  }
  return findings;
}

function toKey(row: Row, findings: readonly ReviewFinding[]): KeyToReview {
  const { source, keyId, owner, environment, approvedScopes, tags, verdict, observedAt } =
    toListed(row);
  const missing = row.content?.missing === true;
  return {
    ...{ row: row.id, source, keyId, owner },
    listed: {
      ...detailsOf(row),
      ...{ environment, approvedScopes, tags, verdict, findings },
      ...(missing ? { missing } : {}),
      observedAt: observedAt?.toISOString() ?? null,
    },
  };
}

/** For a missing key, what was last known of it. */
function detailsOf({ content, last_used, ...row }: Row): DetailsJson {
  if (content !== null && content.missing !== true) {
    return toDetailsJson(toDetails(content, last_used));
  }
  return {
    ...(row.seen_name === null ? {} : { name: row.seen_name }),
    ...(row.seen_type === null ? {} : { type: row.seen_type }),
    ...(row.seen_last_four === null ? {} : { lastFour: row.seen_last_four }),
  };
}
