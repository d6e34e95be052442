import type { Advance } from '../../evaluate/history/advance.ts';
import type { KeyState, KnownFinding } from '../../evaluate/history/key-state.ts';
import type { Transition } from '../../evaluate/history/transition.ts';

/** A key before and after an outcome. `row`: its id in the records. */
export interface AdvancedKey extends Advance {
  readonly row: number;
  readonly state: KeyState;
}

/** One transition of a key's finding, and the finding after it. */
export interface Move {
  readonly row: number;
  readonly transition: Transition;
  readonly finding: KnownFinding;
}

export function movesOf({ row, transitions, next }: AdvancedKey): readonly Move[] {
  return transitions.flatMap((transition) => {
    const finding = next.findings.get(transition.rule);
    return finding === undefined ? [] : [{ row, transition, finding }];
  });
}
