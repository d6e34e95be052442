import type { daysAgainst } from '../keys/days.ts';
import type { Facts } from './judgement.ts';

/**
 * How a rule warns. `due` marks the early warning, which covers the last `warnBefore` milliseconds.
 */
export interface Warning {
  readonly warnBefore?: number | undefined;
  readonly due?: true;
}

/**
 * Whether an age breaks a rule. An age over the limit breaks the rule itself. An age near the limit
 * breaks only its early warning, never both. All values are in milliseconds.
 */
export function isBroken(age: number, limit: number, over: boolean, warning: Warning): boolean {
  if (warning.due !== true) return over;
  return !over && age >= limit - (warning.warnBefore ?? 0);
}

/**
 * The days that are left, for an early warning: the limit minus the elapsed days as they are shown.
 * If the limit is in whole days, the value is therefore 1 during the whole last day.
 */
export function factsOfWarning(
  { days, allowedDays }: ReturnType<typeof daysAgainst>,
  { due }: Warning,
): Facts {
  if (due !== true) return {};
  return { dueInDays: Math.round((allowedDays - days) * 10_000) / 10_000 };
}
