import { type ExpressionFault, parseExpression } from './language.ts';
import { longestExpression } from './longest-expression.ts';
import { survey } from './survey.ts';

/**
 * The faults of an expression: in its grammar, in what it uses, or in its types. Empty for a text
 * that is too long, because the schema reports that.
 */
export function checkExpression(when: string): readonly ExpressionFault[] {
  if (when.length > longestExpression) return [];
  const parsed = parseExpression(when);
  if (!parsed.ok) return [parsed.fault];
  const { program } = parsed;
  const { faults } = survey(program.ast);
  if (faults.length > 0) return faults;

  const { valid, type, error } = program.check();
  if (!valid) return [{ offset: error?.range?.start ?? 0, message: error?.summary ?? notTyped }];
  if (type === 'bool') return [];
  return [{ offset: program.ast.start, message: `must come to true or false, not to a ${type}` }];
}

const notTyped = 'its types do not fit together';
