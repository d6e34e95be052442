import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import { nameObject } from '../../evidence/manifest.ts';
import { encodeSeals } from '../log/adopt-seals.ts';
import { verdictOf } from '../store/codes.ts';
import type { Records } from '../store/database.ts';
import { checkFacts } from './check-facts.ts';
import { compareTicks } from './compare-ticks.ts';
import type { LogStory } from './log-story.ts';
import { checkCampaigns } from './reviews/check-campaigns.ts';

/** Compares policies, the seals of earlier builds, schedules with their ticks, and what the log said last. */
export async function checkRest(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  await checkPolicies(db, story, note);
  await checkSeals(db, story, note);
  await checkCampaigns(db, story, note);
  await checkFacts(db, story, note);
  await compareTicks(db, story, note);
  await checkSimulated(db, story, note);
  await checkTracked(db, note);
}

async function checkPolicies(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  const left = new Map(story.policies);
  const policies = await sql<{ id: number; hash: string; version: string }>`
    select id, hash, version from keysweep.policy order by id
  `.execute(db);
  for (const { id, hash, version } of policies.rows) {
    const { rows } = await sql<{ text: string }>`
      select text from keysweep.policy where id = ${id}
    `.execute(db);
    const is = `sha256:${createHash('sha256')
      .update(rows[0]?.text ?? '')
      .digest('hex')}`;
    const name = hash.replace('sha256:', '');
    const leaf = left.get(name);
    left.delete(name);
    if (is !== hash) note({ code: 'policy', leaf, place: `policy ${version}`, was: hash, is });
  }
  for (const [name, leaf] of left) {
    note({ code: 'policy', leaf, was: `sha256:${name}`, is: 'gone' });
  }
}

async function checkSeals(db: Records, { seals }: LogStory, note: NoteDifference): Promise<void> {
  if (seals === undefined) return;
  const text = await encodeSeals(db);
  if (text !== undefined && nameObject(text) === seals.name) return;
  note({ code: 'object', leaf: seals.n, place: 'the seals of earlier builds' });
}

/** Pruning removes simulated sweeps without a word. */
async function checkSimulated(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  const { rows } = await sql<{ sweeps: number }>`
    select count(*)::integer as sweeps from keysweep.sweep where simulated
  `.execute(db);
  const is = rows[0]?.sweeps ?? 0;
  if (is > story.simulated) note({ code: 'simulated', was: `${story.simulated}`, is: `${is}` });
}

interface TrackedRow {
  readonly source: string;
  readonly keyId: string;
  readonly sweep: string;
  readonly verdict: number | null;
  readonly verdictWas: number;
  readonly lastUsed: Date | null;
  readonly lastUsedWas: Date | null;
}

const mostTracked = 1_000;

/** Compares the state of keys that pages show with the newest full sweep, where that gave it. */
async function checkTracked(db: Records, note: NoteDifference): Promise<void> {
  const { rows } = await sql<TrackedRow>`
    select k.source, k.key_id as "keyId", w.uuid as sweep, k.verdict, r.verdict as "verdictWas",
      k.last_used as "lastUsed", r.last_used as "lastUsedWas"
    from (
      select id, uuid from keysweep.sweep
      where scope = 'full' and closed_at is not null order by closing desc limit 1
    ) w
    join keysweep.sweep_key r on r.sweep_id = w.id
    join keysweep.tracked_key k on k.id = r.key_id
    where (k.verdict_at = r.observed_at and k.verdict is distinct from r.verdict)
      or (k.observed_at = r.observed_at and r.last_used is not null
        and k.last_used is distinct from r.last_used)
    limit ${mostTracked}
  `.execute(db);
  for (const row of rows) {
    const { source, keyId, sweep } = row;
    const where = { code: 'key', source, keyId, sweep, place: 'its newest state' } as const;
    const [was, is] = [row.verdictWas, row.verdict].map(wordOf);
    const [used, isUsed] = [row.lastUsedWas, row.lastUsed].map(
      (at) => at?.toISOString() ?? 'never',
    );
    if (was !== is) note({ ...where, field: 'verdict', was, is });
    if (used !== isUsed) note({ ...where, field: 'lastUsed', was: used, is: isUsed });
  }
}

function wordOf(verdict: number | null): string {
  return verdict === null ? 'none' : verdictOf(verdict);
}
