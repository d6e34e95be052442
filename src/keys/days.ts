export const dayMs = 86_400_000;

/** Whole days in a span of milliseconds, rounded down. */
export function wholeDays(ms: number): number {
  return Math.floor(ms / dayMs);
}

/**
 * A span and its limit, both in days, for people to read. When the limit is in whole days, the span
 * is rounded down to whole days. Otherwise (`12h`) both keep four decimals, because "0 days, 0
 * allowed" would explain nothing.
 */
export function daysAgainst(
  spanMs: number,
  allowedMs: number,
): { readonly days: number; readonly allowedDays: number } {
  if (allowedMs % dayMs === 0) {
    return { days: wholeDays(spanMs), allowedDays: allowedMs / dayMs };
  }
  return { days: decimalDays(spanMs), allowedDays: decimalDays(allowedMs) };
}

function decimalDays(ms: number): number {
  return Math.floor((ms * 10_000) / dayMs) / 10_000;
}
