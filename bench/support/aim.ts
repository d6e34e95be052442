/** What a figure is to reach. */
export interface Aim {
  /** As it is printed: `≥ 1.1`. */
  readonly text: string;
  isReached(value: number): boolean;
}

export const atLeast = (least: number): Aim => ({
  text: `≥ ${least}`,
  isReached: (value) => value >= least,
});

export const atMost = (most: number): Aim => ({
  text: `≤ ${most}`,
  isReached: (value) => value <= most,
});

export const under = (limit: number): Aim => ({
  text: `< ${limit}`,
  isReached: (value) => value < limit,
});

/** From `least` to `most`: too early is as wrong as too late. */
export const within = (least: number, most: number): Aim => ({
  text: `${least} to ${most}`,
  isReached: (value) => value >= least && value <= most,
});
