const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** A duration as users write it, in the largest unit without a remainder: `45d`, `36h`. */
export function renderDuration(ms: number): string {
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? ['s', 1_000];
  return `${ms / size}${unit}`;
}
