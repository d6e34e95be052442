import type { Policy } from '../evaluate/policy/policy.ts';
import type { Database } from '../record/store/database.ts';
import { readJudgement } from '../record/store/stored-judgement.ts';
import type { Acknowledged, Past } from './plan-past.ts';
import { type Evidence, toObservation } from './read-evidence.ts';
import {
  type Pair,
  type PastEvidence,
  readAcknowledged,
  readLastKey,
  readPartials,
  readPastRows,
} from './read-past-rows.ts';
import { type KeptSweep, readPolicyText, type SweepInTime } from './read-sweeps.ts';

/** Whether what was found of a key, newest first, is all that is needed. */
type Enough = (key: Evidence, past: readonly Past[]) => boolean;

/** Looks back at what earlier sweeps say of keys, as far as it is asked to. */
export interface PastReader {
  /**
   * What stands of each key from before its row in this sweep, newest first: of ever older sweeps,
   * until it is enough or there are no more.
   */
  read(
    sweep: KeptSweep,
    keys: readonly Evidence[],
    enough: Enough,
  ): Promise<ReadonlyMap<number, readonly Past[]>>;
  readAcknowledged(
    keyRows: readonly number[],
  ): Promise<ReadonlyMap<number, readonly Acknowledged[]>>;
}

export function createPastReader(
  database: Database,
  timeline: readonly SweepInTime[],
  parse: (text: string) => Policy,
): PastReader {
  const partials = remember((ids: string) => readPartials(database, ids.split(',').map(Number)));
  const lastKeys = remember((sweep: number) => readLastKey(database, sweep));
  const policies = remember(async (row: number) => parse(await readPolicyText(database, row)));

  /** What one step says of these keys. */
  const readStep = async ({ full, partial }: Step, keys: readonly Evidence[]) => {
    const swept = partial.length === 0 ? none : await partials(partial.map(({ id }) => id).join());
    const lastKey = full === undefined ? 0 : await lastKeys(full.id);
    const pairs = keys.flatMap(({ id }): Pair[] => {
      const among = full !== undefined && id <= lastKey ? [full.id] : [];
      return [...(swept.get(id) ?? []), ...among].map((sweep) => [sweep, id]);
    });
    const sweeps = new Map<number, SweepInTime & { policy: Policy }>();
    for (const one of full === undefined ? partial : [...partial, full]) {
      sweeps.set(one.id, { ...one, policy: await policies(one.policyRow) });
    }
    const rows = await readPastRows(database, pairs);
    return new Map(
      keys.map((key) => {
        const own = rows.get(key.id) ?? [];
        const past = [...own.flatMap((row) => toPast(row, sweeps)), ...toUntracked(full, own)];
        const earlier = past.filter(({ at }) => at < key.observation.at);
        return [key.id, earlier.sort((a, b) => b.at.getTime() - a.at.getTime())];
      }),
    );
  };

  return {
    async read(sweep, keys, enough) {
      const found = new Map<number, readonly Past[]>();
      let wanting = keys.filter((key) => !enough(key, []));
      for (const step of planSteps(timeline, sweep)) {
        if (wanting.length === 0) break;
        const more = await readStep(step, wanting);
        for (const [id, past] of more) found.set(id, [...(found.get(id) ?? []), ...past]);
        wanting = wanting.filter((key) => !enough(key, found.get(key.id) ?? []));
      }
      return found;
    },
    readAcknowledged: (keyRows) => readAcknowledged(database, keyRows),
  };
}

const none: ReadonlyMap<number, readonly number[]> = new Map();

/** Asks once for each name. */
function remember<K, V>(read: (name: K) => Promise<V>): (name: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
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

function toPast(
  row: PastEvidence,
  sweeps: ReadonlyMap<number, SweepInTime & { readonly policy: Policy }>,
): readonly Past[] {
  const sweep = sweeps.get(row.sweep_id);
  if (sweep === undefined) return [];
  const judgement = readJudgement(row.judgement);
  const observation = toObservation(row, judgement);
  const { openedAt: asOf, policy } = sweep;
  return [{ kind: 'swept', at: row.observed_at, observation, judgement, asOf, policy }];
}

/** A full sweep that closed without the key. */
function toUntracked(
  full: SweepInTime | undefined,
  rows: readonly PastEvidence[],
): readonly Past[] {
  const at = full?.closedAt ?? null;
  if (at === null || rows.some(({ sweep_id }) => sweep_id === full?.id)) return [];
  return [{ kind: 'untracked', at }];
}
