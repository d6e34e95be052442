import type { PlacedKey } from '../../../record/reads/reviews/read-reviewed-keys.ts';
import {
  type ReviewDecisionWord,
  reviewDecisionWords,
} from '../../../report/review/review-model.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { FormFields } from '../forms/form-fields.ts';
import { longestReason, tidyReason } from './tidy-reason.ts';

/** A decision that stands in a form, and its key. */
export interface ChosenDecision {
  readonly key: PlacedKey;
  readonly decision: ReviewDecisionWord;
  readonly reason: string;
}

/** The names of the fields of a key in a form. */
export function fieldsOf({ place }: Pick<PlacedKey, 'place'>) {
  return { decision: `decision-${place}`, reason: `reason-${place}` };
}

/** For keys without a reason of their own. */
export const sharedReason = 'reason';

/** The places of the keys that a form decides on. */
export function readPlaces(form: FormFields): readonly number[] {
  return form.all('place').flatMap((text) => (/^\d{1,7}$/.test(text) ? [Number(text)] : []));
}

/** What a form decides. Throws for a decision without a reason: nothing is kept then. */
export function readDecisions(
  form: FormFields,
  keys: readonly PlacedKey[],
): readonly ChosenDecision[] {
  const shared = tidyReason(form.one(sharedReason));
  return keys.flatMap((key) => {
    const names = fieldsOf(key);
    const decision = reviewDecisionWords.find((word) => word === form.one(names.decision));
    if (decision === undefined) return [];
    const reason = tidyReason(form.one(names.reason)) || shared;
    if (reason === '') {
      throw refusal(`key ${key.keyId} has a decision and no reason; go back and give one`);
    }
    if (reason.length > longestReason) {
      throw refusal(`the reason for key ${key.keyId} has over ${longestReason} characters`);
    }
    return [{ key, decision, reason }];
  });
}

function refusal(detail: string): ProblemError {
  return new ProblemError({ status: 400, detail });
}
