import { validateDetailed } from 'node-cron';
import { quoted } from '../documents/mistake.ts';
import { renderCount } from '../text/render-count.ts';
import { readCron } from '../timing/read-cron.ts';

/** The fields of a cron line: their names in messages, and their allowed values. */
const fields: Readonly<Record<string, readonly [name: string, values: string]>> = {
  minute: ['minute', '0 to 59'],
  hour: ['hour', '0 to 23'],
  dayOfMonth: ['day of the month', '1 to 31 or L'],
  month: ['month', '1 to 12 or jan to dec'],
  dayOfWeek: ['day of the week', '0 to 7 or sun to sat'],
};

const shape =
  'it needs five fields (minute, hour, day of the month, month, day of the week), ' +
  'such as "30 2 * * *", or one of @hourly, @daily, @weekly, @monthly and @yearly';

/** What is wrong with a cron line, or undefined. A line without mistakes has next instants. */
export function wrongCron(line: string): string | undefined {
  const reason = wrongLine(line);
  return reason === undefined ? undefined : `is not a cron line: ${reason}`;
}

function wrongLine(line: string): string | undefined {
  const parts = line.trim().split(/\s+/);
  if (parts.length === 6) return `it has 6 fields; ${withoutSeconds(parts.slice(1).join(' '))}`;
  const { valid, errors } = validateDetailed(line);
  if (!valid) {
    return errors
      .map(({ field, value, message }) => wrongField(field, value ?? '', message))
      .join('; ');
  }
  return isEverDue(line)
    ? undefined
    : 'no day fits its day of the month, month and day of the week';
}

/** A line of six fields begins with seconds: says which line of five fields it could be. */
function withoutSeconds(others: string): string {
  const hint = wrongCron(others) === undefined ? `; without seconds it is ${quoted(others)}` : '';
  return `a field for seconds is not supported${hint}; ${shape}`;
}

/** The first and last day of 28 years that hold every kind of year: each weekday, leap or not. */
const [firstDay, lastDay] = [Date.UTC(2001, 0, 1), Date.UTC(2028, 11, 31)];
const dayMs = 86_400_000;

function isEverDue(line: string): boolean {
  const { matchesDay } = readCron(line);
  for (let day = firstDay; day <= lastDay; day += dayMs) if (matchesDay(day)) return true;
  return false;
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
