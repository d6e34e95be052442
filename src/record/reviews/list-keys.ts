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
const chunk = 1_000;

/**
 * The tracked keys to which a match applies, in the order of source and key id. A key is listed too
 * where an unreadable field leaves it open whether the match applies: to leave one out is worse.
 */
export async function listKeys(
  tx: RecordsTransaction,
  match: CompiledMatch,
): Promise<readonly KeyToReview[]> {
  const listed: KeyToReview[] = [];
  let after: readonly [string, string] = ['', ''];
  for (;;) {
    const rows = await readRows(tx, after);
    const last = rows.at(-1);
    if (last === undefined) return listed;
    after = [last.source, last.key_id];
    const wanted = rows.filter((row) => isWanted(row, match));
    const findings = await readFindings(tx, wanted);
    listed.push(...wanted.map((row) => toKey(row, findings.get(row.id) ?? [])));
  }
}

interface Row extends ListedRow {
  readonly id: number;
  readonly seen_name: string | null;
  readonly seen_type: string | null;
  readonly seen_last_four: string | null;
}

async function readRows(
  tx: RecordsTransaction,
  [source, key]: readonly [string, string],
): Promise<readonly Row[]> {
  const found = await sql<Row>`
    select k.id, ${listedColumns}, k.seen_name, k.seen_type, k.seen_last_four
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    where k.untracked_at is null and (k.source, k.key_id) > (${source}, ${key})
    order by k.source, k.key_id limit ${chunk}
  `.execute(tx);
  return found.rows;
}

function isWanted(row: Row, match: CompiledMatch): boolean {
  const { source, owner, environment, tags, content, seen_type } = row;
  const type = content?.type ?? seen_type ?? undefined;
  const key = { source, owner, environment, tags, type, scopes: readScopes(content?.scopes) };
  return applies(match, key).answer !== 'no';
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
    select key_id, rule, type, severity, state, facts, first_seen_at, waiver
    from keysweep.finding
    where state <> 'resolved' and key_id = any (${rows.map(({ id }) => id)}::integer[])
    order by key_id, rule collate "C"
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
