import { advance } from '../../evaluate/history/advance.ts';
import type { KeyOutcome, Observed } from '../../evaluate/history/key-outcome.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { movesOf } from './moves.ts';
import { readFindingStates } from './read-states.ts';
import { type MovesTerms, writeMoves } from './write-moves.ts';

/** PGlite blocks the process while a statement runs. */
const chunk = 1_000;

/** Applies an outcome other than an observation to these findings. The caller has locked them. */
export async function advanceFindings(
  tx: RecordsTransaction,
  ids: readonly number[],
  outcome: Exclude<KeyOutcome, Observed>,
  terms: MovesTerms,
): Promise<void> {
  for (let at = 0; at < ids.length; at += chunk) {
    const states = await readFindingStates(tx, ids.slice(at, at + chunk));
    const moves = [...states].flatMap(([row, state]) =>
      movesOf({ row, state, ...advance(state, outcome) }),
    );
    await writeMoves(tx, terms, moves);
  }
}
