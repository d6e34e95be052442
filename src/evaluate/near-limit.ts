import type { daysAgainst } from '../keys/days.ts';
import type { Facts } from './judgement.ts';

/** How a rule warns: `due` is the rule that stands for the `warnBefore` milliseconds before it. */
export interface Warning {
  readonly warnBefore?: number | undefined;
  readonly due?: true;
}

/**
 * Whether an age breaks a rule. One that is over its limit does; the warning of the rule is broken
 * by those that come so near to it, and never together with the rule itself. All in milliseconds.
 */
export function isBroken(age: number, limit: number, over: boolean, warning: Warning): boolean {
  if (warning.due !== true) return over;
  return !over && age >= limit - (warning.warnBefore ?? 0);
}

/**
 * The days that are left, where the violation is a warning. They and the days gone make up the
 * limit as people read them, so the last day of whole ones is 1 from its beginning to its end.
 */
export function factsOfWarning(
  { days, allowedDays }: ReturnType<typeof daysAgainst>,
  { due }: Warning,
): Facts {
  if (due !== true) return {};
  return { dueInDays: Math.round((allowedDays - days) * 10_000) / 10_000 };
}
