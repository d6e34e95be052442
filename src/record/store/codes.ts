import type { Verdict } from '../../evaluate/judgement.ts';
import { type UnknownReason, unknownReasons } from '../../keys/observation.ts';

/** `sweep_key` is a row a key and night: words are kept there as numbers, which never change. */
const verdictCodes: Readonly<Record<Verdict, number>> = { pass: 1, fail: 2, waived: 3, unknown: 4 };

export function verdictCode(verdict: Verdict): number {
  return verdictCodes[verdict];
}

export function verdictOf(code: number): Verdict {
  for (const [verdict, known] of Object.entries(verdictCodes)) {
    if (known === code) return verdict as Verdict;
  }
  throw new Error(`the records hold an unknown verdict: ${code}`);
}

export function reasonCode(reason: UnknownReason): number {
  return unknownReasons.indexOf(reason);
}
