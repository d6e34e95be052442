import { z } from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof unitMs;

const shape = /^([1-9]\d{0,8})([smhdw])$/;
const zeroShape = /^0[smhdw]$/;

/** Milliseconds of `10s 30m 12h 90d 2w` (whole and positive), or undefined where it is neither. */
export function parseDuration(text: string): number | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const ms = Number(found[1]) * unitMs[found[2] as Unit];
  return Number.isSafeInteger(ms) ? ms : undefined;
}

const words = 'must be a whole, positive duration such as 10s, 30m, 12h, 90d or 2w';

/** A duration as users write it; milliseconds once parsed. */
export const duration = z
  .string(words)
  .regex(shape, words)
  .transform((text) => parseDuration(text) as number);

/** As `duration`, and `0s` is allowed too. */
export const durationOrZero = z
  .string(words)
  .regex(/^(0|[1-9]\d{0,8})[smhdw]$/, `${words}, or 0s`)
  .transform((text) => (zeroShape.test(text) ? 0 : (parseDuration(text) as number)));
