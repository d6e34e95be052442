import type { Policy } from '../evaluate/policy/policy.ts';
import type { Database } from '../record/store/database.ts';
import { readJudgement } from '../record/store/stored-judgement.ts';
import type { Past } from './plan-fold.ts';
import { type Evidence, toObservation } from './read-evidence.ts';
import {
  type Pair,
  type PastEvidence,
  readLastKey,
  readPartials,
  readPastRows,
} from './read-past-rows.ts';
import { readPolicyText, type SweepInTime } from './read-sweeps.ts';

/**
 * Reads what these sweeps recorded about keys before the keys' own evidence, newest first.
 * `concerns`: the keys to read from each sweep.
 */
export type SweptReader = (
  sweeps: readonly SweepInTime[],
  keys: readonly Evidence[],
  concerns: (sweep: SweepInTime, key: Evidence) => boolean,
) => Promise<ReadonlyMap<number, readonly Past[]>>;

export function createSweptReader(
  database: Database,
  parse: (text: string) => Policy,
): SweptReader {
  const partials = remember((ids: string) => readPartials(database, ids.split(',').map(Number)));
  const lastKeys = remember((sweep: number) => readLastKey(database, sweep));
  const policies = remember(async (row: number) => parse(await readPolicyText(database, row)));

  const readSweeps = async (sweeps: readonly SweepInTime[]) => {
    const judged = new Map<number, JudgedSweep>();
    for (const one of sweeps) {
      const lastKey = one.scope === 'full' ? await lastKeys(one.id) : 0;
      judged.set(one.id, { ...one, lastKey, policy: await policies(one.policyRow) });
    }
    return judged;
  };

  return async (sweeps, keys, concerns) => {
    const partial = sweeps.filter(({ scope }) => scope === 'partial');
    const swept = partial.length === 0 ? none : await partials(partial.map(({ id }) => id).join());
    const judged = await readSweeps(sweeps);
    const mayHold = ({ id, lastKey }: JudgedSweep, key: number) =>
      key <= lastKey || swept.get(key)?.includes(id) === true;
    const about = keys.map((key) => {
      const own = [...judged.values()].filter((one) => concerns(one, key));
      return { key, sweeps: own };
    });
    const pairs = about.flatMap(({ key, sweeps: own }): Pair[] =>
      own.flatMap((one) => (mayHold(one, key.id) ? [[one.id, key.id]] : [])),
    );
    const rows = await readPastRows(database, pairs);
    return new Map(
      about.map(({ key, sweeps: own }) => {
        const found = rows.get(key.id) ?? [];
        const past = own.flatMap((one) => toPast(one, found));
        const earlier = past.filter(({ at }) => at < key.observation.at);
        return [key.id, earlier.sort((a, b) => b.at.getTime() - a.at.getTime())];
      }),
    );
  };
}

const none: ReadonlyMap<number, readonly number[]> = new Map();

/** Caches one result per name. */
function remember<K, V>(read: (name: K) => Promise<V>): (name: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
}

interface JudgedSweep extends SweepInTime {
  readonly policy: Policy;
  /** The last key of a full sweep. */
  readonly lastKey: number;
}

/** A full sweep that closed without the key means that the key was not tracked. */
function toPast(sweep: JudgedSweep, rows: readonly PastEvidence[]): readonly Past[] {
  const { id, scope, openedAt: asOf, closedAt, policy } = sweep;
  const row = rows.find(({ sweep_id }) => sweep_id === id);
  if (row === undefined) {
    return scope === 'full' && closedAt !== null ? [{ kind: 'untracked', at: closedAt }] : [];
  }
  const judgement = readJudgement(row.judgement);
  const observation = toObservation(row, judgement);
  return [{ kind: 'swept', at: row.observed_at, observation, judgement, asOf, policy }];
}
