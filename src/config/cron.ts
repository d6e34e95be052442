import { validateDetailed } from 'node-cron';
import { quoted } from '../documents/mistake.ts';
import { renderCount } from '../text/render-count.ts';

/** The fields of a cron line: their names in messages, and their allowed values. */
const fields: Readonly<Record<string, readonly [name: string, values: string]>> = {
  second: ['second', '0 to 59'],
  minute: ['minute', '0 to 59'],
  hour: ['hour', '0 to 23'],
  dayOfMonth: ['day of the month', '1 to 31 or L'],
  month: ['month', '1 to 12 or jan to dec'],
  dayOfWeek: ['day of the week', '0 to 7 or sun to sat'],
};

const shape =
  'it needs five fields (minute, hour, day of the month, month, day of the week), ' +
  'such as "30 2 * * *", or one of @hourly, @daily, @weekly, @monthly and @yearly';

/** What is wrong with a cron line, or undefined. */
export function wrongCron(line: string): string | undefined {
  const { valid, errors } = validateDetailed(line);
  if (valid) return undefined;
  const reasons = errors.map(({ field, value, message }) =>
    wrongField(field, value ?? '', message),
  );
  return `is not a cron line: ${reasons.join('; ')}`;
}

function wrongField(field: string, value: string, message: string): string {
  const [name, values] = fields[field] ?? [];
  if (name === undefined) {
    const count = /got (\d+)$/.exec(message)?.[1];
    return count === undefined ? shape : `it has ${renderCount(Number(count), 'field')}; ${shape}`;
  }
  if (message.includes('impossible')) return `no month that it names has a day ${quoted(value)}`;
  return `${name} ${quoted(value)} must be of ${values}, with ranges (1-5), lists (1,15) or steps (*/10)`;
}

/**
 * Whether a cron line restricts both the day of the month and the day of the week. node-cron
 * requires both to match; other crons accept either.
 */
export function restrictsBothDays(line: string): boolean {
  const { fields } = validateDetailed(line);
  return fields !== undefined && fields.dayOfMonth.length < 31 && fields.dayOfWeek.length < 7;
}

/** What is wrong with the name of a time zone, or undefined. */
export function wrongTimeZone(name: string): string | undefined {
  const wrong = 'is not a time zone such as America/New_York or UTC';
  // Some versions of Node accept offsets, which ignore summer time.
  if (!/^[A-Za-z]/.test(name)) return wrong;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return wrong;
  }
}
