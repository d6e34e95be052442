import type { ActionAnswer } from '../actions/action-entry.ts';
import { renderQuestion } from '../actions/question-page.tsx';
import type { Frame } from '../layout/page.tsx';
import { pathOfReview } from '../paths.ts';
import { ReasonField } from './reason-field.tsx';

/** What is asked before something is done to a review. `reason`: the label, if one is needed. */
export interface ReviewQuestion {
  readonly title: string;
  readonly says: string;
  readonly button: string;
  readonly reason?: string;
}

/** The page of a question, as the answer to the form that asks for it. */
export function askQuestion(
  frame: Frame,
  action: string,
  fields: Readonly<Record<string, string>>,
  { reason, ...words }: ReviewQuestion,
): ActionAnswer {
  const { review = '' } = fields;
  const back = action.endsWith('/start') ? '/reviews' : pathOfReview(review);
  const children = reason === undefined ? null : <ReasonField words={reason} />;
  return {
    kind: 'page',
    html: renderQuestion(frame, { ...words, action, fields, back, children }),
  };
}
