import { sql } from 'kysely';
import { parseLeaf } from '../../evidence/leaves/leaf.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import { removeObject } from '../log/log-objects.ts';
import { nameObjects, readManifest } from '../log/read-manifest.ts';
import type { Database, Records } from '../store/database.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';
import { wasAlerted } from '../store/was-alerted.ts';

/** What one pass removed. */
export interface Pruned {
  readonly sweeps: number;
  readonly observations: number;
}

/**
 * Removes what is older than the retention: closed sweeps with their rows and requests, refused
 * requests, rejected files, alerts that ended, and audit records. Also removes sessions of browsers
 * that are over, and observations that no sweep and no key points at.
 * Findings and the evidence log stay. These sweeps stay at any age: the newest closed full one, so that there
 * is always a report; the newest whose changes receivers know, because the next is compared with
 * it; and those that are held. One transaction per sweep, oldest first.
 */
export async function pruneEvidence(database: Database, retentionMs: number): Promise<Pruned> {
  const old = await readOld(database, retentionMs);
  for (const sweep of old) await removeSweep(database, sweep, retentionMs);
  await removeAlerts(database, retentionMs);
  await removeRefused(database, retentionMs);
  await removeRejections(database, retentionMs);
  await removeAuditRecords(database, retentionMs);
  await removeSessions(database);
  if (old.length === 0) return { sweeps: 0, observations: 0 };
  await removeLists(database);
  return { sweeps: old.length, observations: await removeObservations(database) };
}

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** A sweep to remove. A sweep without a leaf was closed before there was a log, or is simulated. */
interface OldSweep {
  readonly id: number;
  readonly uuid: string;
  /** The body of its leaf. */
  readonly leaf: string | null;
}

async function readOld(database: Database, retentionMs: number): Promise<readonly OldSweep[]> {
  const old = await sql<OldSweep>`
    select id, uuid, (select body from keysweep.log_leaf where n = leaf) as leaf from keysweep.sweep
    where closed_at < now() - ${retentionMs} * interval '1 millisecond'
      and id is distinct from (
        select id from keysweep.sweep newest where scope = 'full' and closed_at is not null
        order by ${placeOfClosing('newest')} desc limit 1
      )
      and id is distinct from (
        select id from keysweep.sweep alerted where scope = 'full' and closed_at is not null
          and ${wasAlerted('alerted')}
        order by ${placeOfClosing('alerted')} desc limit 1
      )
      and held is distinct from 'held'
    order by id
  `.execute(database.db);
  return old.rows;
}

/** With its batches, packs and requests. The log keeps that it was there, and says that it is gone. */
async function removeSweep(database: Database, sweep: OldSweep, retentionMs: number) {
  await database.transactLong(async (tx) => {
    const { evidence: manifest } = nameObjects(await readManifest(tx, sweep));
    const { id, uuid, leaf } = sweep;
    const removed = await sql`delete from keysweep.sweep where id = ${id}`.execute(tx);
    if (leaf === null || removed.numAffectedRows === 0n) return;
    await removeObject(tx, changesOf(leaf));
    const sweeps = [{ sweep: uuid, manifest }];
    await appendLeaf(tx, { event: 'evidence-pruned', retentionMs, sweeps });
  });
}

/** The name of what a sweep changed of findings; none where somebody changed the leaf. */
function changesOf(leaf: string): string {
  try {
    return parseLeaf(leaf).subjects.changes ?? '';
  } catch {
    return '';
  }
}

/** Under the lock that keeps openings of sweeps from using one meanwhile. */
async function removeLists(database: Database): Promise<void> {
  await database.transactLong(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('keysweep.inventory'))`.execute(tx);
    await sql`
      delete from keysweep.key_list l
      where not exists (select from keysweep.sweep_batch b where b.list_id = l.id)
    `.execute(tx);
  });
}

/** Requests that led to no sweep; the others are removed with their sweeps. */
async function removeRefused(database: Database, retentionMs: number): Promise<void> {
  await sql`
    delete from keysweep.request
    where refused is not null and asked_at < now() - ${retentionMs} * interval '1 millisecond'
  `.execute(database.db);
}

async function removeRejections(database: Database, retentionMs: number): Promise<void> {
  await sql`
    delete from keysweep.rejection
    where rejected_at < now() - ${retentionMs} * interval '1 millisecond'
  `.execute(database.db);
}

async function removeAuditRecords(database: Database, retentionMs: number): Promise<void> {
  await sql`
    delete from keysweep.audit_record where at < now() - ${retentionMs} * interval '1 millisecond'
      and coalesce(ended_at, at) < now() - ${retentionMs} * interval '1 millisecond'
  `.execute(database.db);
}

async function removeSessions({ db }: Database): Promise<void> {
  await sql`delete from keysweep.session where forgotten_at <= clock_timestamp()`.execute(db);
}

async function removeAlerts(database: Database, retentionMs: number): Promise<void> {
  await sql`
    delete from keysweep.alert
    where ended_at < now() - ${retentionMs} * interval '1 millisecond'
  `.execute(database.db);
}

/**
 * The search for unused observations opens every pack, so it holds no lock. Meanwhile a sweep that
 * was open may have started to use one. So `removeIdle` checks these sweeps again, and removes the
 * rows, under a lock that keeps batches from being recorded.
 */
async function removeObservations(database: Database): Promise<number> {
  const clock = await sql<{ now: Date }>`
    select date_trunc('second', clock_timestamp()) as now
  `.execute(database.db);
  const since = clock.rows[0]?.now ?? new Date(0);
  const idle = [...(await findIdle(database))];
  let removed = 0;
  for (let at = 0; at < idle.length; at += chunk) {
    removed += await removeIdle(database, idle.slice(at, at + chunk), since);
  }
  return removed;
}

/**
 * The observations at which no key, no result and no pack points. On most nights the keys have all.
 * Ids come as lists in JSON: a row for each would take this process many times as long.
 */
async function findIdle({ db }: Database): Promise<ReadonlySet<number>> {
  const unknown = await sql<{ ids: readonly number[] | null }>`
    select json_agg(o.id) as ids from keysweep.observation o
    where not exists (select from keysweep.tracked_key k where k.observation_id = o.id)
      and not exists (select from keysweep.key_result r where r.observation_id = o.id)
  `.execute(db);
  const idle = new Set(unknown.rows[0]?.ids);
  const sweeps = await sql<SweepSize>`
    select id, tracked from keysweep.sweep order by id desc
  `.execute(db);
  for (const some of inGroups(sweeps.rows)) {
    if (idle.size === 0) break;
    for (const used of await readUsed(db, some)) for (const id of used) idle.delete(id);
  }
  return idle;
}

interface SweepSize {
  readonly id: number;
  readonly tracked: number;
}

/** How many results a statement opens at once: what it returns of them stays below ten megabytes. */
const resultsAtOnce = 1_000_000;

function* inGroups(sweeps: readonly SweepSize[]): Iterable<readonly number[]> {
  let some: number[] = [];
  let results = 0;
  for (const { id, tracked } of sweeps) {
    some.push(id);
    results += tracked;
    if (results < resultsAtOnce) continue;
    yield some;
    some = [];
    results = 0;
  }
  if (some.length > 0) yield some;
}

/**
 * The observations of the packs of these sweeps, once for all packs that have the same ones: on
 * most nights, these are the packs of a batch.
 */
async function readUsed(db: Records, sweepRows: readonly number[]) {
  const { rows } = await sql<{ lists: readonly (readonly number[])[] | null }>`
    select json_agg(ids) as lists from (
      select distinct array_remove(observation_ids, null) as ids from keysweep.pack
      where sweep_id = any (${sweepRows}::integer[])
    ) used
  `.execute(db);
  return rows[0]?.lists ?? [];
}

/**
 * The `offset 0` keeps the planner from opening the packs of all sweeps, while nobody can record. What
 * is used is joined with the ids: a list of all that a million keys use has no room in the memory of
 * a statement, and would be read once for each id.
 */
async function removeIdle(database: Database, ids: readonly number[], since: Date) {
  return database.transactLong(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('keysweep.observation'))`.execute(tx);
    const removed = await sql`
      with idle as (select unnest(${ids}::integer[]) as id), used as materialized (
        select idle.id from keysweep.sweep w
        cross join lateral (
          select observation_id from keysweep.sweep_key r where r.sweep_id = w.id offset 0
        ) s
        join idle on idle.id = s.observation_id
        where w.closed_at is null or w.closed_at >= ${since}
        union
        select idle.id from keysweep.tracked_key k join idle on idle.id = k.observation_id
      )
      delete from keysweep.observation o using idle
      where o.id = idle.id and not exists (select from used where used.id = o.id)
    `.execute(tx);
    return Number(removed.numAffectedRows ?? 0n);
  });
}
