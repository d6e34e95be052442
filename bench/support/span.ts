/** When a piece of work began and ended, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const secondsOf = ({ from, to }: Span): number => (to - from) / 1_000;
