import type { CaseActual, CaseUnknown, CaseViolation } from './case-result.ts';
import type { Expectation } from './case-schema.ts';
import { wholeKey } from './check-cases.ts';

/**
 * Describes how the result differs from the expectation. A case that names rules must name all of
 * them: a missing list means an empty one. A case that names only a verdict accepts any rules.
 */
export function compareCase(expected: Expectation, actual: CaseActual): readonly string[] {
  const { verdict } = expected;
  const wrong =
    verdict === undefined || verdict === actual.verdict
      ? []
      : [`verdict: expected ${verdict}, came ${actual.verdict}${because(actual)}`];
  const { violations, waived, unknowns } = expected;
  if (violations === undefined && waived === undefined && unknowns === undefined) return wrong;

  const open = actual.violations.filter((one) => one.waiver === null);
  const covered = actual.violations.filter((one) => one.waiver !== null);
  return [
    ...wrong,
    ...compare('violation', violations, open, violationWords),
    ...compare('waived', waived, covered, waivedWords),
    ...compare('unknown', unknowns, actual.unknowns, unknownWords),
  ];
}

interface Named {
  readonly rule: string | null;
}

function compare<T extends Named>(
  what: string,
  expected: readonly string[] = [],
  came: readonly T[],
  words: (one: T) => string,
): readonly string[] {
  const names = came.map(({ rule }) => rule ?? wholeKey);
  const lacking = expected.filter((rule) => !names.includes(rule));
  const surplus = came.filter(({ rule }) => !expected.includes(rule ?? wholeKey));
  return [
    ...lacking.map((rule) => `${what}: expected ${nameOf(rule)}, which did not come`),
    ...surplus.map((one) => `${what}: not expected, came ${nameOf(one.rule)}: ${words(one)}`),
  ];
}

function nameOf(rule: string | null): string {
  return rule === null || rule === wholeKey ? 'the whole key' : rule;
}

/** Explains the result if only a verdict was expected. */
function because({ violations, unknowns }: CaseActual): string {
  const open = violations.find((one) => one.waiver === null);
  if (open !== undefined) return ` by ${open.rule}: ${open.message}`;
  const [unknown] = unknowns;
  if (unknown !== undefined) return ` by ${nameOf(unknown.rule)}: ${unknownWords(unknown)}`;
  const [waived] = violations;
  return waived === undefined ? '' : ` by ${waived.rule}: ${waivedWords(waived)}`;
}

function violationWords({ message }: CaseViolation): string {
  return message;
}

function waivedWords({ message, waiver }: CaseViolation): string {
  return `${message}; by ${waiver}`;
}

function unknownWords({ reason, detail }: CaseUnknown): string {
  return `${reason}, ${detail}`;
}
