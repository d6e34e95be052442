import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../../evaluate/judgement.ts';
import { type UnknownReason, unknownReasons } from '../../keys/observation.ts';

/** `sweep_key` has a row per key and night, so words are stored as numbers. They never change. */
const verdictCodes: Readonly<Record<Verdict, number>> = { pass: 1, fail: 2, waived: 3, unknown: 4 };

const verdicts = new Map(
  Object.entries(verdictCodes).map(([verdict, code]) => [code, verdict as Verdict]),
);

/** How the records hold a verdict. Codes never change their meaning. */
export function verdictCode(verdict: Verdict): number {
  return verdictCodes[verdict];
}

/** Whether some version of this program has written this code for a verdict. */
export function isVerdictCode(code: number): boolean {
  return verdicts.has(code);
}

/** The verdict of a code. Throws for a code that no version of this program has written. */
export function verdictOf(code: number): Verdict {
  const verdict = verdicts.get(code);
  if (verdict === undefined) throw new Error(`the records hold an unknown verdict: ${code}`);
  return verdict;
}

/** The code of a verdict, in SQL: as a literal, so that the planner sees it. */
export function verdictInSql(verdict: Verdict): RawBuilder<number> {
  return sql.lit(verdictCodes[verdict]);
}

/** The word for the code in a column, in SQL; null where the column is. */
export function verdictWordInSql(column: RawBuilder<unknown>): RawBuilder<Verdict | null> {
  const words = Object.entries(verdictCodes).map(
    ([verdict, code]) => sql`when ${sql.lit(code)} then ${sql.lit(verdict)}`,
  );
  return sql<Verdict | null>`case ${column} ${sql.join(words, sql` `)} end`;
}

export function reasonCode(reason: UnknownReason): number {
  return unknownReasons.indexOf(reason);
}

/** Undefined where no reason was kept. */
export function reasonOf(code: number | null | undefined): UnknownReason | undefined {
  return code == null ? undefined : unknownReasons[code];
}
