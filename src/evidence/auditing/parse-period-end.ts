import { dayMs } from '../../keys/days.ts';
import { parseInstant } from '../../keys/instant.ts';
import { AuditRefused } from './audit-refused.ts';

/** An end of the period: an instant, or a whole day in UTC. Throws `AuditRefused` for other text. */
export function parsePeriodEnd(end: 'from' | 'to', text: string): Date {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const day = parseInstant(`${text}T00:00:00Z`);
  if (day !== undefined) return end === 'from' ? day : new Date(day.getTime() + dayMs);
  throw new AuditRefused(
    `--${end} ${JSON.stringify(text)}: must be a day (2026-11-29) or an instant (2026-11-29T08:00:00Z)`,
  );
}
