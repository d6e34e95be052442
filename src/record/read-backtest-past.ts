import { sql } from 'kysely';
import type { Acknowledged, PastRow } from '../backtest/plan-past.ts';
import { eventTypes } from '../evaluate/events.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { Database } from './database.ts';
import type { ObservationContent } from './observation-content.ts';
import { type Evidence, toObservation } from './read-backtest-evidence.ts';
import { type KeptSweep, readPolicyText, type SweepInTime } from './read-backtest-sweeps.ts';
import { readJudgement, type StoredJudgement } from './stored-judgement.ts';

/** Looks back at what earlier sweeps say of keys, as far as it is asked to. */
export interface PastReader {
  /**
   * The rows of each key from before its row in this sweep, newest first: of ever older sweeps, until
   * `enough` says so or there are no more.
   */
  read(
    sweep: KeptSweep,
    keys: readonly Evidence[],
    enough: (key: Evidence, past: readonly PastRow[]) => boolean,
  ): Promise<ReadonlyMap<number, readonly PastRow[]>>;
  /** What somebody acknowledged of these keys, in no order. */
  readAcknowledged(
    keyRows: readonly number[],
  ): Promise<ReadonlyMap<number, readonly Acknowledged[]>>;
}

export function createPastReader(
  database: Database,
  timeline: readonly SweepInTime[],
  parse: (text: string) => Policy,
): PastReader {
  const sweeps = new Map(timeline.map((sweep) => [sweep.id, sweep]));
  const policies = new Map<number, Promise<Policy>>();
  const partials = new Map<string, Promise<ReadonlyMap<number, readonly number[]>>>();

  const policyOf = (row: number): Promise<Policy> => {
    const found = policies.get(row) ?? readPolicyText(database, row).then(parse);
    policies.set(row, found);
    return found;
  };
  const partialsOf = (step: Step) => {
    const name = step.partial.map(({ id }) => id).join();
    const found = partials.get(name) ?? readPartials(database, step.partial);
    partials.set(name, found);
    return found;
  };
  const toPast = async (row: Row): Promise<PastRow> => {
    const sweep = sweeps.get(row.sweep_id);
    if (sweep === undefined) throw new Error(`sweep ${row.sweep_id} is in no list`);
    const judgement = readJudgement(row.judgement);
    const observation = toObservation(row, judgement);
    const policy = await policyOf(sweep.policyRow);
    return { observation, judgement, asOf: sweep.openedAt, policy };
  };

  return {
    async read(sweep, keys, enough) {
      const found = new Map<number, readonly PastRow[]>();
      let wanting = keys.filter((key) => !enough(key, []));
      for (const step of planSteps(timeline, sweep)) {
        if (wanting.length === 0) break;
        const rows = await readRows(database, pairsOf(step, wanting, await partialsOf(step)));
        for (const key of wanting) {
          const past =
            rows.get(key.id)?.filter((row) => row.observed_at < key.observation.at) ?? [];
          const more = await Promise.all(past.map(toPast));
          found.set(key.id, [...(found.get(key.id) ?? []), ...more]);
        }
        wanting = wanting.filter((key) => !enough(key, found.get(key.id) ?? []));
      }
      return found;
    },
    readAcknowledged: (keyRows) => readAcknowledged(database, keyRows),
  };
}

/** Re-audits of some keys, and the full sweep before them. */
interface Step {
  readonly full: SweepInTime | undefined;
  readonly partial: readonly SweepInTime[];
}

/** What was opened before this sweep closed, newest first. Overlapping sweeps count by their rows. */
function* planSteps(timeline: readonly SweepInTime[], sweep: KeptSweep): Iterable<Step> {
  let partial: SweepInTime[] = [];
  for (const earlier of timeline) {
    if (earlier.id === sweep.id || earlier.openedAt > sweep.closedAt) continue;
    if (earlier.scope === 'partial') {
      partial.push(earlier);
      continue;
    }
    yield { full: earlier, partial };
    partial = [];
  }
  if (partial.length > 0) yield { full: undefined, partial };
}

type Pair = readonly [sweep: number, key: number];

function pairsOf(
  { full, partial }: Step,
  keys: readonly Evidence[],
  swept: ReadonlyMap<number, readonly number[]>,
): readonly Pair[] {
  return keys.flatMap(({ id, trackedAt }) => {
    const some = partial.length === 0 ? [] : (swept.get(id) ?? []);
    const among = full !== undefined && trackedAt <= full.openedAt;
    return [...some, ...(among ? [full.id] : [])].map((sweep): Pair => [sweep, id]);
  });
}

/** Which of these sweeps, of some keys each, a key is in. */
async function readPartials(database: Database, sweeps: readonly SweepInTime[]) {
  const swept = new Map<number, number[]>();
  if (sweeps.length === 0) return swept;
  const { rows } = await sql<{ sweep_id: number; key_id: number }>`
    select s.sweep_id, s.key_id from unnest(${sweeps.map(({ id }) => id)}::integer[]) as wanted (id)
    cross join lateral (
      select sweep_id, key_id from keysweep.sweep_key k where k.sweep_id = wanted.id offset 0
    ) s
  `.execute(database.db);
  for (const { sweep_id, key_id } of rows) {
    const known = swept.get(key_id);
    if (known === undefined) swept.set(key_id, [sweep_id]);
    else known.push(sweep_id);
  }
  return swept;
}

interface Row {
  readonly sweep_id: number;
  readonly key_id: number;
  readonly observed_at: Date;
  readonly last_used: Date | null;
  readonly judgement: StoredJudgement | null;
  readonly content: ObservationContent | null;
}

/** So many rows a statement: PGlite blocks the process while one runs. */
const chunk = 5_000;

/** The rows of these pairs by key, newest first; scopes and names are no part of the past. */
async function readRows(database: Database, pairs: readonly Pair[]) {
  const byKey = new Map<number, Row[]>();
  for (let at = 0; at < pairs.length; at += chunk) {
    const some = pairs.slice(at, at + chunk);
    const { rows } = await sql<Row>`
      select s.sweep_id, s.key_id, s.observed_at, s.last_used, s.judgement,
        o.content - '{name,scopes}'::text[] as content
      from unnest(${some.map(([sweep]) => sweep)}::integer[], ${some.map(([, key]) => key)}::integer[])
        as wanted (sweep_id, key_id)
      cross join lateral (
        select * from keysweep.sweep_key k
        where k.sweep_id = wanted.sweep_id and k.key_id = wanted.key_id offset 0
      ) s
      left join keysweep.observation o on o.id = s.observation_id
      where s.verdict is not null
    `.execute(database.db);
    for (const row of rows) byKey.set(row.key_id, [...(byKey.get(row.key_id) ?? []), row]);
  }
  for (const rows of byKey.values()) rows.sort((a, b) => +b.observed_at - +a.observed_at);
  return byKey;
}

async function readAcknowledged(database: Database, keyRows: readonly number[]) {
  const byKey = new Map<number, Acknowledged[]>();
  if (keyRows.length === 0) return byKey;
  const { rows } = await sql<Acknowledged & { key_id: number }>`
    select f.key_id, f.rule, e.at from keysweep.finding f
    join keysweep.finding_event e on e.finding_id = f.id
    where f.key_id = any (${keyRows}::integer[]) and f.type = any (${[...eventTypes]}::text[])
      and e.resolution = 'acknowledged'
  `.execute(database.db);
  for (const { key_id, rule, at } of rows) {
    byKey.set(key_id, [...(byKey.get(key_id) ?? []), { rule, at }]);
  }
  return byKey;
}
