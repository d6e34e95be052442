/** `audited` keys have a verdict other than unknown; of them, `partial` have an unknown rule. */
export interface Coverage {
  readonly tracked: number;
  readonly audited: number;
  readonly unknown: number;
  readonly partial: number;
}

/** The coverage of a sweep, from the counts of its keys. */
export function toCoverage({ tracked, unknown, partial }: Omit<Coverage, 'audited'>): Coverage {
  return { tracked, audited: tracked - unknown, unknown, partial };
}

/** Whether every rule could judge every key. */
export function isComplete({ unknown, partial }: Pick<Coverage, 'unknown' | 'partial'>): boolean {
  return unknown === 0 && partial === 0;
}
