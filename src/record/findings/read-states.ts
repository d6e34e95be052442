import { type RawBuilder, sql } from 'kysely';
import { eventTypes, isEventType } from '../../evaluate/history/events.ts';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import { noHistory, type WaivedBefore } from '../../evaluate/history/history.ts';
import {
  historyOf,
  type KeyMemory,
  type KeyState,
  type KnownFinding,
  newKey,
} from '../../evaluate/history/key-state.ts';
import type { Resolution } from '../../evaluate/history/transition.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { setBackMs } from '../../schedule/plan-ticks.ts';
import type { PendingKey } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { lastFacts, lastSeenAt } from '../store/findings/sightings.ts';

/** The `memoryColumns` of one key. */
interface MemoryRow {
  readonly tracked_at: Date;
  readonly known_at: Date | null;
  readonly observed_at: Date | null;
  readonly observation_id: number | null;
  readonly last_used: Date | null;
  readonly observed_entry_id: number | null;
  readonly first_scopes: string[] | null;
  readonly seen_at: Date | null;
  readonly seen_last_used: Date | null;
  readonly seen_created_on: Date | null;
  readonly seen_type: string | null;
  readonly seen_last_four: string | null;
  readonly seen_name: string | null;
}

/** A clock that was set back must not leave a key audited in the future. */
const memoryColumns = sql`k.tracked_at, k.observed_at, k.observation_id, k.last_used,
  case when k.known_at > clock_timestamp() then clock_timestamp() else k.known_at end as known_at,
  k.observed_entry_id, k.first_scopes, k.seen_at, k.seen_last_used, k.seen_created_on, k.seen_type,
  k.seen_last_four, k.seen_name`;

function toMemory(row: MemoryRow): KeyMemory {
  const { observed_at: at, observation_id: content, observed_entry_id: entry } = row;
  return {
    trackedAt: row.tracked_at,
    knownAt: row.known_at ?? undefined,
    newest: at === null ? undefined : { at, content, entry, lastUsed: row.last_used },
    lastUsed: row.seen_at === null ? undefined : row.seen_last_used,
    lastUsedAt: row.seen_at ?? undefined,
    createdOn: row.seen_created_on ?? undefined,
    type: row.seen_type ?? undefined,
    lastFour: row.seen_last_four ?? undefined,
    name: row.seen_name ?? undefined,
    firstScopes: row.first_scopes ?? undefined,
  };
}

/** The `pendingStateColumns` of one key. */
export interface PendingStateRow extends MemoryRow {
  /** A list of [rule, type, facts]. */
  readonly open_events: readonly (readonly [string, string, Facts])[] | null;
  /** A list of [hash, digest, void]. */
  readonly waived: readonly (readonly [string, string, boolean])[] | null;
}

/**
 * Columns for the memory of the tracked key `k` and the rest of its history, so that a batch reads
 * them with its keys in one query. Reads events and waivers only if the policy needs them.
 */
export function pendingStateColumns(policy: Policy): RawBuilder<unknown> {
  const events = policy.rules.some(({ type }) => isEventType(type));
  return sql`${memoryColumns},
    ${events ? openEvents : sql`null::jsonb`} as open_events,
    ${policy.waivers.length > 0 ? waived : sql`null::jsonb`} as waived`;
}

const openEvents = sql`(
  select jsonb_agg(jsonb_build_array(f.rule, f.type, ${lastFacts})) from keysweep.finding f
  where f.key_id = k.id and f.state <> 'resolved'
    and f.type in (${sql.join(eventTypes.map((type) => sql.lit(type)))})
)`;

const waived = sql`(
  select jsonb_agg(jsonb_build_array(w.waiver_hash, w.digest, w.voided_at is not null))
  from keysweep.waived_key w where w.key_id = k.id
)`;

export function toPendingState(
  row: PendingStateRow,
  policy: Policy,
): Pick<PendingKey, 'memory' | 'history'> {
  const events = (row.open_events ?? []).map(
    ([rule, type, facts]) => [rule, { type, facts, state: 'open' }] as const,
  );
  const waivers = (row.waived ?? []).map(
    ([hash, digest, ended]) => [hash, { digest, void: ended }] as const,
  );
  const memory = toMemory(row);
  const findings = events.length === 0 ? noFindings : new Map(events);
  const known = waivers.length === 0 ? noHistory.waived : new Map(waivers);
  return { memory, history: historyOf({ memory, findings, waived: known }, policy) };
}

const noFindings: KeyState['findings'] = new Map();

/**
 * The states of these keys, locked until the transaction ends. Locks first the keys, then their
 * findings, each in the order of their ids, so that two sweeps over the same keys cannot deadlock.
 * The baselines of waivers are read only if they may change (`withWaived`).
 */
export async function lockStates(
  tx: RecordsTransaction,
  keys: readonly PendingKey[],
  withWaived: boolean,
): Promise<ReadonlyMap<number, KeyState>> {
  const keyRows = keys.map(({ row }) => row);
  const moved = await lockMemories(tx, keys);
  const findings = await lockFindings(tx, keyRows);
  const waived = withWaived ? await readWaived(tx, keyRows) : undefined;
  return new Map(
    keys.map(({ row, memory }) => [
      row,
      {
        memory: moved.get(row) ?? memory,
        findings: findings.get(row) ?? noFindings,
        waived: waived?.get(row) ?? noHistory.waived,
      },
    ]),
  );
}

/**
 * Locks the keys. A key's memory changes only with its newest observation: if that is still the one
 * that the batch was claimed with, the memory is not read again. Returns the memories of the keys
 * that another sweep has moved since, and of those that the old future has left behind.
 */
async function lockMemories(tx: RecordsTransaction, keys: readonly PendingKey[]) {
  const locked = await sql<{ id: number; observed_at: Date | null; ahead: boolean | null }>`
    select id, observed_at,
      observed_at > clock_timestamp() + ${setBackMs} * interval '1 millisecond' as ahead
    from keysweep.tracked_key
    where id = any (${keys.map(({ row }) => row)}::integer[])
    order by id for no key update
  `.execute(tx);
  const followed = new Map(locked.rows.map((row) => [row.id, row.observed_at?.getTime()]));
  const ahead = new Set(locked.rows.flatMap((row) => (row.ahead === true ? row.id : [])));
  const moved = keys.filter(
    ({ row, memory }) => ahead.has(row) || followed.get(row) !== memory.newest?.at.getTime(),
  );
  if (moved.length === 0) return new Map<number, KeyMemory>();
  const found = await sql<MemoryRow & { id: number }>`
    select k.id, ${memoryColumns} from keysweep.tracked_key k
    where k.id = any (${moved.map(({ row }) => row)}::integer[])
  `.execute(tx);
  const ordered = (row: MemoryRow & { id: number }) =>
    ahead.has(row.id) ? { ...row, observed_at: longAgo } : row;
  return new Map(found.rows.map((row) => [row.id, toMemory(ordered(row))]));
}

/** Older than any observation: one of the future would keep all others out until its time comes. */
const longAgo = new Date(0);

interface FindingRow {
  readonly key_id: number;
  readonly rule: string;
  readonly type: string;
  readonly state: KnownFinding['state'];
  readonly waiver: { readonly id: string; readonly hash: string; readonly reason: string } | null;
  readonly waived_until: Date | null;
  readonly resolution: Resolution | null;
  readonly event: Facts | null;
  readonly policy_id: number;
  readonly last_seen_at: Date;
}

const findingColumns = sql`f.key_id, f.rule, f.type, f.state, f.waiver, f.waived_until, f.resolution,
  f.policy_id, ${lastSeenAt} as last_seen_at,
  case when f.type = any (${[...eventTypes, reviewRevoke]}::text[]) then ${lastFacts} end as event`;

/** Findings with the sightings of their keys, which are looked up one by one. */
const findingsOfKeys = sql`keysweep.finding f
  cross join lateral (
    select sightings from keysweep.tracked_key where id = f.key_id offset 0
  ) k`;

/**
 * Locks in the same order as closings. Finds the ids through the index of keys first: if one query
 * both selects by key and orders by id, the planner reads every finding.
 */
async function lockFindings(tx: RecordsTransaction, keyRows: readonly number[]) {
  const found = await sql<FindingRow>`
    select ${findingColumns} from ${findingsOfKeys}
    where f.id = any (array(
      select one.id from unnest(${keyRows}::integer[]) as n (key_id)
      cross join lateral (
        select id from keysweep.finding where key_id = n.key_id offset 0
      ) one
    ))
    order by f.id for no key update of f
  `.execute(tx);
  return byKey(found.rows);
}

/**
 * The states of the keys of these findings, without their other findings and their memory: only an
 * observation needs those. The caller has locked the findings.
 */
export async function readFindingStates(
  tx: RecordsTransaction,
  ids: readonly number[],
): Promise<ReadonlyMap<number, KeyState>> {
  const found = await sql<FindingRow>`
    select ${findingColumns} from ${findingsOfKeys} where f.id = any (${ids}::integer[])
  `.execute(tx);
  const states = [...byKey(found.rows)].map(
    ([key, findings]) => [key, { ...newKey(), findings }] as const,
  );
  return new Map(states);
}

function byKey(rows: readonly FindingRow[]) {
  const found = new Map<number, Map<string, KnownFinding>>();
  for (const row of rows) {
    const findings = found.get(row.key_id) ?? new Map<string, KnownFinding>();
    found.set(row.key_id, findings.set(row.rule, toKnown(row)));
  }
  return found;
}

function toKnown(row: FindingRow): KnownFinding {
  const { rule, type, state, waiver, waived_until: until, resolution, event: facts } = row;
  return {
    ...{ rule, type, state, resolution, facts },
    waiver: waiver === null || until === null ? null : { ...waiver, until },
    policy: row.policy_id,
    seenAt: row.last_seen_at,
  };
}

async function readWaived(tx: RecordsTransaction, keyRows: readonly number[]) {
  const found = await sql<{ key_id: number; hash: string; digest: string; void: boolean }>`
    select key_id, waiver_hash as hash, digest, voided_at is not null as void
    from keysweep.waived_key where key_id = any (${keyRows}::integer[])
  `.execute(tx);
  const waivedOf = new Map<number, Map<string, WaivedBefore>>();
  for (const { key_id, hash, digest, void: ended } of found.rows) {
    const waived = waivedOf.get(key_id) ?? new Map<string, WaivedBefore>();
    waivedOf.set(key_id, waived.set(hash, { digest, void: ended }));
  }
  return waivedOf;
}
