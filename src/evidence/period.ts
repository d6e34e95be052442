/** A date is no further from 1970, in milliseconds. */
export const mostMs = 8.64e15;

export interface Period {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

export function isWithin({ from, to }: Period, at: Date): boolean {
  return at >= from && at < to;
}
