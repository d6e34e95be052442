import { validateDetailed } from 'node-cron';

/** What is wrong with a cron line, or undefined. */
export function wrongCron(line: string): string | undefined {
  const { valid, errors } = validateDetailed(line);
  if (valid) return undefined;
  const reasons = errors.map(({ field, message }) => `${field}: ${message}`);
  return `is not a cron line (${reasons.join('; ')})`;
}

/**
 * Whether a cron line restricts both the day of the month and the day of the week. node-cron wants
 * both to match, other crons are content with either.
 */
export function restrictsBothDays(line: string): boolean {
  const { fields } = validateDetailed(line);
  return fields !== undefined && fields.dayOfMonth.length < 31 && fields.dayOfWeek.length < 7;
}

/** What is wrong with the name of a time zone, or undefined. */
export function wrongTimeZone(name: string): string | undefined {
  const wrong = 'is not a time zone such as America/New_York or UTC';
  // Some versions of Node take offsets, which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return wrong;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return wrong;
  }
}
