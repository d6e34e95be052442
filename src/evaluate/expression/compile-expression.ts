import type { Facts } from '../judgement.ts';
import type { Subject } from '../rule.ts';
import { checkExpression } from './check-expression.ts';
import { type FieldName, fields, isUsedInFuture } from './fields.ts';
import { KeyView } from './key-view.ts';
import { parseExpression } from './language.ts';
import type { Bound, Extent } from './price.ts';
import { showFields } from './show-fields.ts';
import { survey } from './survey.ts';

/** The result of an expression for one key. */
export type ExpressionAnswer =
  | { readonly is: 'true'; readonly facts: Facts }
  | { readonly is: 'false' }
  | {
      readonly is: 'unreadable';
      readonly fields: readonly string[];
      readonly obstacle: 'unreadable' | 'in-future';
    }
  | { readonly is: 'error'; readonly why: string };

/** The most steps of one evaluation. `bench/stages/expression.ts` measures how long they take at most. */
const mostSteps = 300_000;

/** The steps that throwing and catching an unreadable field costs. */
const thrown = 20;

/** If an expression is cheap for this extent, its cost is not computed for keys up to it. */
const usual: Extent = { scopes: 50, tags: 50, longestText: 200 };

const no: ExpressionAnswer = { is: 'false' };

/** Prepares an expression for many keys. Throws `TypeError` if `checkExpression` finds a fault. */
export function compileExpression(when: string): (subject: Subject) => ExpressionAnswer {
  const [fault] = checkExpression(when);
  const parsed = parseExpression(when);
  if (fault !== undefined || !parsed.ok) {
    throw new TypeError(`an expression that was not checked: ${fault?.message ?? ''}`);
  }
  const { program } = parsed;
  const { fields: named, steps } = survey(program.ast);
  const isCheap = steps(usual) * thrown <= mostSteps;
  program.check();

  return (subject) => {
    const extent = measure(subject, named);
    if (!(isCheap && isUsual(extent)) && costsTooMuch(steps, extent, subject, named)) {
      return { is: 'error', why: 'the expression costs too much for this key' };
    }
    try {
      if (program({ key: new KeyView(subject) }) !== true) return no;
      return { is: 'true', facts: showFields(named, subject) };
    } catch (error) {
      return explain(error, subject, named);
    }
  };
}

/**
 * Which error comes first depends on the order of scopes and tags, which has no meaning. So all
 * unreadable fields are reported together and before arithmetic; arithmetic errors share one text.
 */
function explain(error: unknown, subject: Subject, named: readonly FieldName[]): ExpressionAnswer {
  const found = unreadableAmong(named, subject).map((name) => fields[name].restsOn(subject));
  if (found.length > 0) {
    const ahead = found.includes('lastUsed') && isUsedInFuture(subject);
    const obstacle = ahead ? 'in-future' : 'unreadable';
    return { is: 'unreadable', fields: [...new Set(found)], obstacle };
  }
  const code = (error as { readonly code?: unknown } | null)?.code;
  const isArithmetic = typeof code === 'string' && arithmetic.includes(code);
  return { is: 'error', why: isArithmetic ? noResult : 'the expression cannot be evaluated' };
}

const arithmetic: readonly string[] = ['numeric_overflow', 'division_by_zero', 'modulo_by_zero'];
const noResult = 'the expression divides by zero, or a number in it grows too large';

function unreadableAmong(named: readonly FieldName[], subject: Subject): FieldName[] {
  return named.filter((name) => fields[name].read(subject) === undefined);
}

/** The sizes of the fields that the expression names. */
function measure(subject: Subject, named: readonly FieldName[]): Extent {
  let longestText = 0;
  for (const name of named) longestText = Math.max(longestText, textLength(name, subject));
  return {
    scopes: subject.scopes?.length ?? 0,
    tags: subject.tags.length,
    longestText,
  };
}

function textLength(name: FieldName, subject: Subject): number {
  if (name === 'scopes') return longest(subject.scopes ?? [], ({ pattern }) => pattern.text);
  if (name === 'tags') return longest(subject.tags, (tag) => tag);
  if (fields[name].type !== 'string') return 0;
  const value = fields[name].read(subject);
  return typeof value === 'string' ? value.length : 0;
}

function longest<T>(entries: readonly T[], read: (entry: T) => string): number {
  let most = 0;
  for (const entry of entries) most = Math.max(most, read(entry).length);
  return most;
}

function isUsual({ scopes, tags, longestText }: Extent): boolean {
  return scopes <= usual.scopes && tags <= usual.tags && longestText <= usual.longestText;
}

function costsTooMuch(
  steps: Bound,
  extent: Extent,
  subject: Subject,
  named: readonly FieldName[],
): boolean {
  const each = unreadableAmong(named, subject).length > 0 ? thrown : 1;
  return steps(extent) * each > mostSteps;
}
