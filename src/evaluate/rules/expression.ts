import { compileExpression } from '../expression/compile-expression.ts';
import { pass, type Rule, unknown, unreadable, violation } from '../rule.ts';

/** Fails when the CEL expression is true for the key. */
export const expression: Rule<'expression'> = ({ when, message }) => {
  const answerFor = compileExpression(when);

  return (subject) => {
    const answer = answerFor(subject);
    switch (answer.is) {
      case 'true':
        return violation({ message, ...answer.facts });
      case 'false':
        return pass;
      case 'unreadable':
        return unreadable(answer.fields, answer.obstacle);
      case 'error':
        return unknown('evaluation-error', answer.why);
    }
  };
};
