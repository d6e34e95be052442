import { z } from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof unitMs;

const shape = /^([1-9]\d{0,8})([smhdw])$/;
const shapeOrZero = /^(0|[1-9]\d{0,8})[smhdw]$/;

/** 100 years, so that an instant minus a duration is an instant that every store can hold. */
const longestMs = 36_500 * unitMs.d;

/**
 * The milliseconds of a duration such as `10s`, `30m`, `12h`, `90d` or `2w` (whole, positive, at
 * most 36500d); undefined for any other text.
 */
export function parseDuration(text: string): number | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const ms = Number(found[1]) * unitMs[found[2] as Unit];
  return ms <= longestMs ? ms : undefined;
}

const words = 'must be a whole, positive duration such as 10s, 30m, 12h, 90d or 2w';
const tooLong = 'must be at most 36500d';
const notTooLong = (text: string) => !shape.test(text) || parseDuration(text) !== undefined;

/** A duration as users write it; milliseconds once parsed. */
export const duration = z
  .string(words)
  .regex(shape, words)
  .refine(notTooLong, tooLong)
  .transform((text) => parseDuration(text) as number);

/** As `duration`, and `0s` is allowed too. */
export const durationOrZero = z
  .string(words)
  .regex(shapeOrZero, `${words}, or 0s`)
  .refine(notTooLong, tooLong)
  .transform((text) => parseDuration(text) ?? 0);
