export interface Period {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

export function isWithin({ from, to }: Period, at: Date): boolean {
  return at >= from && at < to;
}
