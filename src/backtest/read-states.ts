import { type KeyState, newKey } from '../evaluate/history/key-state.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import {
  type Acknowledged,
  foldPast,
  mayHoldEvent,
  type Past,
  type PastRow,
  planStart,
  wasKnown,
} from './plan-fold.ts';
import { comparesPast, isEnough, planNeeds, planNeedsOf } from './plan-needs.ts';
import type { Evidence } from './read-evidence.ts';
import type { PastReader } from './read-past.ts';
import type { KeptSweep } from './read-sweeps.ts';

/**
 * Reads the state of keys before each of several sweeps. Sweeps must be requested oldest first. The
 * state before a key's first sweep is found by looking back as far as needed; each later state is
 * derived from the one before and the rows recorded since.
 */
export interface StateReader {
  read(sweep: KeptSweep, keys: readonly Evidence[]): Promise<ReadonlyMap<number, KeyState>>;
  /**
   * The states of those keys whose last known verdict still has to be looked up. Call `read` for
   * these keys first.
   */
  readKnown(sweep: KeptSweep, keys: readonly Evidence[]): Promise<ReadonlyMap<number, KeyState>>;
}

/** The state before the newest requested row of a key. The next sweep continues from it. */
interface Reached extends Asked {
  readonly sweep: number;
  readonly row: PastRow;
}

/** `only`: no other sweep will be requested. */
export function createStateReader(
  past: PastReader,
  policy: Policy,
  { only, parse }: { readonly only: boolean; readonly parse: (text: string) => Policy },
): StateReader {
  const reached = new Map<number, Reached>();
  let asked = new Map<number, Asked>();
  const terms: Terms = { past, policy, only, acknowledged: createAcknowledged(past) };
  const isOlder = ({ id, observation }: Evidence) => {
    const before = reached.get(id);
    return before !== undefined && observation.at < before.row.at;
  };
  /** If sweeps overlap, the next one continues from the latest observation of the key. */
  const reach = (sweep: KeptSweep, [key, state]: Found): readonly [number, Asked] => {
    const older = isOlder(key);
    const searched = !older && reached.get(key.id)?.known === true;
    const known = searched || state.memory.knownAt !== undefined;
    const row = toRow(key, sweep, parse(sweep.policyText));
    if (!older) reached.set(key.id, { state, sweep: sweep.id, row, known });
    return [key.id, { state, known }];
  };

  return {
    async read(sweep, keys) {
      const followed = keys.flatMap((key) => {
        const from = reached.get(key.id);
        return from === undefined || isOlder(key) ? [] : [{ key, from }];
      });
      const others = keys.filter((key) => !reached.has(key.id) || isOlder(key));
      const found = [
        ...(await lookBack(sweep, others, terms)),
        ...(await follow(sweep, followed, terms)),
      ];
      if (comparesPast(policy)) asked = new Map(found.map((one) => reach(sweep, one)));
      return new Map(found.map(([key, state]) => [key.id, completed(sweep, key, state)]));
    },

    async readKnown(sweep, keys) {
      const searched = keys.filter(({ id }) => asked.get(id)?.known !== true);
      const known = await findKnown(sweep, searched, past);
      return new Map(
        searched.map((key) => {
          const { memory, ...rest } = asked.get(key.id)?.state ?? newKey();
          const state = { ...rest, memory: { ...memory, knownAt: known.get(key.id) } };
          const before = reached.get(key.id);
          if (before?.sweep === sweep.id) {
            reached.set(key.id, { ...before, state, known: true });
          }
          return [key.id, completed(sweep, key, state)];
        }),
      );
    },
  };
}

/** A key's state before its row in the last requested sweep. */
interface Asked {
  readonly state: KeyState;
  /** Whether `knownAt` is final: it was looked up, or it comes from a sweep that was followed. */
  readonly known: boolean;
}

type Found = readonly [key: Evidence, state: KeyState];

interface Terms {
  readonly past: PastReader;
  readonly policy: Policy;
  readonly only: boolean;
  readonly acknowledged: ReturnType<typeof createAcknowledged>;
}

/** The states of keys that appear in no earlier requested sweep. */
async function lookBack(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  { past, policy, only, acknowledged }: Terms,
): Promise<readonly Found[]> {
  const needs = new Map(
    keys.map(({ id, observation, remembered }) => {
      const all = planNeeds(policy, remembered);
      return [id, only ? planNeedsOf(observation, all) : all];
    }),
  );
  const rows = await past.read(sweep, keys, ({ id }, found) => {
    const need = needs.get(id);
    return need === undefined || isEnough(found, need);
  });
  const start = newKey();
  const done = await acknowledged(keys, ({ id }) => mayHoldEvent(start, rows.get(id) ?? []));
  return keys.map((key) => {
    const found = rows.get(key.id) ?? [];
    if (found.length === 0) return [key, start];
    const before = (done.get(key.id) ?? []).filter(({ at }) => at <= key.observation.at);
    return [key, foldPast(planStart(found, before), found, before)];
  });
}

interface FollowedKey {
  readonly key: Evidence;
  readonly from: Reached;
}

/**
 * The states of keys that appear in an earlier requested sweep, updated with the rows since then.
 */
async function follow(
  sweep: KeptSweep,
  keys: readonly FollowedKey[],
  { past, acknowledged }: Terms,
): Promise<readonly Found[]> {
  const wanted = keys.map(({ key, from }) => ({ key, since: from.row.at, but: from.sweep }));
  const rows = await past.readSince(sweep, wanted);
  const since = new Map(
    keys.map(({ key, from }) => {
      const found = [from.row, ...(rows.get(key.id) ?? [])];
      return [key.id, { found, holds: mayHoldEvent(from.state, found) }];
    }),
  );
  const evidence = keys.map(({ key }) => key);
  const done = await acknowledged(evidence, ({ id }) => since.get(id)?.holds === true);
  return keys.map(({ key, from }) => {
    const meanwhile = (done.get(key.id) ?? []).filter(
      ({ at }) => at > from.row.at && at <= key.observation.at,
    );
    return [key, foldPast(from.state, since.get(key.id)?.found ?? [], meanwhile)];
  });
}

function toRow({ observation, judgement }: Evidence, sweep: KeptSweep, policy: Policy): PastRow {
  const { openedAt: asOf } = sweep;
  return { kind: 'swept', at: observation.at, observation, judgement, asOf, policy };
}

/**
 * Adds what the records keep outside the rows. A key may have been tracked again since the sweep.
 */
function completed(
  { openedAt }: KeptSweep,
  { trackedAt, firstScopes, waived }: Evidence,
  { memory, findings }: KeyState,
): KeyState {
  const since = trackedAt > openedAt ? undefined : trackedAt;
  return { memory: { ...memory, firstScopes, trackedAt: since }, findings, waived };
}

/** Reads each key's acknowledgements at most once, and only if they may matter. */
function createAcknowledged(past: PastReader) {
  const known = new Map<number, readonly Acknowledged[]>();
  return async (keys: readonly Evidence[], matters: (key: Evidence) => boolean) => {
    const asked = keys.filter((key) => !known.has(key.id) && matters(key)).map(({ id }) => id);
    const found = await past.readAcknowledged(asked);
    for (const id of asked) known.set(id, found.get(id) ?? []);
    return known;
  };
}

/**
 * The newest earlier sweep in which each key's verdict was known. If no later sweep knew it, the
 * key's own record holds the answer.
 */
async function findKnown(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  past: PastReader,
): Promise<ReadonlyMap<number, Date>> {
  const remembered = ({ remembered: { knownAt } }: Evidence) =>
    knownAt !== null && knownAt < sweep.openedAt ? knownAt : undefined;
  const isKnown = (one: Past): one is PastRow => one.kind === 'swept' && wasKnown(one);
  const rows = await past.read(
    sweep,
    keys,
    (key, found) =>
      remembered(key) !== undefined || key.remembered.knownAt === null || found.some(isKnown),
  );
  return new Map(
    keys.flatMap((key) => {
      const at = remembered(key) ?? rows.get(key.id)?.find(isKnown)?.asOf;
      return at === undefined ? [] : [[key.id, at]];
    }),
  );
}
