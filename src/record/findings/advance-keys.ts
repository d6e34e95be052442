import { advance, changesNothing } from '../../evaluate/history/advance.ts';
import type { Observed } from '../../evaluate/history/key-outcome.ts';
import { newKey } from '../../evaluate/history/key-state.ts';
import { readClock } from '../../timing/database-clock.ts';
import type { ClaimedBatch, JudgedKey } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { lockStates } from './read-states.ts';
import { writeMemories } from './write-memories.ts';
import { movesOf, writeObservedMoves } from './write-moves.ts';
import { writeWaivers } from './write-waivers.ts';

/** A judged key. `content`: the row of the vendor's answer; null if there was none. */
export interface ObservedKey {
  readonly key: JudgedKey;
  readonly content: number | null;
}

/** Applies the outcomes of a sweep to its keys. */
export async function advanceKeys(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  keys: readonly ObservedKey[],
): Promise<void> {
  const moving = keys.filter(({ key }) => !changesNothing(key));
  if (moving.length === 0) return;
  const waivers = moving.some(({ key }) => key.judgement.waiverChanges.length > 0);
  const states = await lockStates(
    tx,
    moving.map(({ key }) => key.pending),
    waivers,
  );
  const advanced = moving.map((observed) => {
    const { pending } = observed.key;
    const state = states.get(pending.row) ?? newKey();
    return { row: pending.row, pending, state, ...advance(state, toOutcome(observed, batch)) };
  });
  await writeWaivers(tx, batch, advanced);
  const moves = advanced.flatMap((one) =>
    movesOf(one).map((move) => ({ ...move, key: one.pending.key })),
  );
  await writeObservedMoves(tx, batch, moves);
  await writeMemories(tx, advanced);
}

function toOutcome({ key, content }: ObservedKey, batch: ClaimedBatch): Observed {
  const { observation, judgement, pending } = key;
  const { policy, policyRow, asOf, clock } = batch;
  return {
    kind: 'observed',
    ...{ observation, judgement, policy, asOf },
    now: readClock(clock),
    judgedWith: pending.history,
    stored: { content, entry: pending.entry, policy: policyRow },
  };
}
