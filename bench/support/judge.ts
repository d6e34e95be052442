import type { Found, ReadyBench } from './define-bench.ts';

/** One line of the answer of a bench. */
export interface Line {
  readonly figure: string;
  readonly value?: number;
  readonly unit?: string;
  readonly beside?: string | undefined;
  readonly rounds?: readonly number[] | undefined;
  readonly aim?: string;
  readonly reached?: boolean;
  /** Why there is no value. */
  readonly leftOut?: string;
}

/**
 * Compares figures with their aims. Throws if an aim has neither a figure nor a reason why there is
 * none: a renamed figure would otherwise be an aim that nothing can miss.
 */
export function judge(aims: ReadyBench['aims'], found: readonly Found[]): readonly Line[] {
  // A reason why there is no `postgres` is one for `postgres, slowest page` too.
  const isAnswered = (aim: string) =>
    found.some((one) => one.name === aim || ('why' in one && aim.startsWith(`${one.name}, `)));
  const lost = Object.keys(aims).find((aim) => !isAnswered(aim));
  if (lost !== undefined) throw new Error(`the bench has an aim for “${lost}”, but no figure`);
  return found.map((one) => {
    const { name } = one;
    const aim = aims[name];
    const aimed = aim === undefined ? {} : { aim: aim.text };
    if ('why' in one) return { figure: name, ...aimed, leftOut: one.why };
    const { value, unit, beside, rounds } = one;
    const reached = aim === undefined ? {} : { reached: aim.isReached(value) };
    return { figure: name, value, unit, beside, rounds, ...aimed, ...reached };
  });
}
