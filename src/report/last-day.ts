import type { ReportWaiver } from './model.ts';
import { renderDay } from './render-instant.ts';

/** The last day (UTC) on which a waiver holds, as written in the policy. */
export function lastDay({ expires }: Pick<ReportWaiver, 'expires'>): string {
  return renderDay(new Date(expires.getTime() - 1));
}
