import type { ReportWaiver } from './model.ts';
import { renderDay } from './render-instant.ts';

/** The last day, UTC, on which a waiver holds: the one that the policy names. */
export function lastDay({ expires }: Pick<ReportWaiver, 'expires'>): string {
  return renderDay(new Date(expires.getTime() - 1));
}
