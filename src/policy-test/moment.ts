import { parseDuration } from '../evaluate/policy/duration.ts';
import { parseInstant } from '../keys/instant.ts';

const span = '\\d{1,9}[smhdw](?: \\d{1,9}[smhdw]){0,5}';
const before = new RegExp(`^(${span}) ago$`);
const after = new RegExp(`^in (${span})$`);

/** Matches a span without `ago` or `in`, which no vendor writes. */
export const bareSpan: RegExp = new RegExp(`^${span}$`);

/**
 * Parses an instant in RFC 3339, or one relative to `at`: `now`, `45d ago`, `90d 1s ago`, `in 5m`.
 * Returns undefined for any other text.
 */
export function parseMoment(text: string, at: Date): Date | undefined {
  if (text === 'now') return at;
  const [, ago] = before.exec(text) ?? [];
  const [, ahead] = after.exec(text) ?? [];
  const written = ago ?? ahead;
  if (written === undefined) return parseInstant(text);

  const ms = written.split(' ').map(parseDuration);
  if (!ms.every((one) => one !== undefined)) return undefined;
  const total = ms.reduce((sum, one) => sum + one, 0);
  return new Date(at.getTime() + (ago === undefined ? total : -total));
}

/** Whether a text is a moment, whatever instant it is relative to. */
export function isMoment(text: string): boolean {
  return parseMoment(text, new Date(0)) !== undefined;
}
