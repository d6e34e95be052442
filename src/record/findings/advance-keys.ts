import { sql } from 'kysely';
import { advance, changesNothing } from '../../evaluate/history/advance.ts';
import type { Observed } from '../../evaluate/history/key-outcome.ts';
import { newKey } from '../../evaluate/history/key-state.ts';
import { readClock } from '../../timing/database-clock.ts';
import type { ClaimedBatch, JudgedKey } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { planSightings } from './plan-sightings.ts';
import { lockStates } from './read-states.ts';
import { writeMemories } from './write-memories.ts';
import { writeObservedMoves } from './write-moves.ts';
import { writeVerdicts } from './write-verdicts.ts';
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
  if (moving.length < keys.length) await lockKeys(tx, keys);
  const learned = moving.length === 0 ? noRows : await moveKeys(tx, batch, moving);
  await writeVerdicts(
    tx,
    keys.flatMap(({ key: { pending, judgement, observation } }) =>
      learned.has(pending.row)
        ? []
        : { row: pending.row, verdict: judgement.verdict, at: observation.at },
    ),
  );
}

const noRows: ReadonlySet<number> = new Set();

/** All keys at once, in the order in which every transaction locks them. */
async function lockKeys(tx: RecordsTransaction, keys: readonly ObservedKey[]): Promise<void> {
  await sql`
    select count(*) from (
      select from keysweep.tracked_key
      where id = any (${keys.map(({ key }) => key.pending.row)}::integer[])
      order by id for no key update
    ) locked
  `.execute(tx);
}

/** Returns the keys whose memory was written, with their verdict. */
async function moveKeys(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  moving: readonly ObservedKey[],
): Promise<ReadonlySet<number>> {
  const waivers = moving.some(({ key }) => key.judgement.waiverChanges.length > 0);
  const states = await lockStates(
    tx,
    moving.map(({ key }) => key.pending),
    waivers,
  );
  const advanced = moving.map((observed) => {
    const { pending, judgement } = observed.key;
    const { verdict } = judgement;
    const state = states.get(pending.row) ?? newKey();
    const next = advance(state, toOutcome(observed, batch));
    const key = { row: pending.row, pending, verdict, state, ...next };
    return { ...key, ...planSightings(key) };
  });
  await writeWaivers(tx, batch, advanced);
  const moves = advanced.flatMap((one) =>
    one.moves.map((move) => ({ ...move, key: one.pending.key })),
  );
  await writeObservedMoves(tx, batch, moves);
  return writeMemories(tx, advanced);
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
