const secondMs = 1_000;

/** Waits between the attempts of a key. */
const waitsMs = {
  hurried: [1, 2, 4, 8].map((seconds) => seconds * secondMs),
  patient: [5, 30, 120, 300].map((seconds) => seconds * secondMs),
} as const;

export interface PatienceInput {
  /** A nightly sweep can wait for an outage to pass; a waiting person cannot. */
  readonly patient: boolean;
  /** How many attempts the batch's keys have used up; 0 if the vendor only said to slow down. */
  readonly attempts: number;
  /** How much is left of the wait that the vendor asked for; 0 if it asked for none. */
  readonly askedMs: number;
}

/** How long a batch waits before its unanswered keys are asked again; never less than a second. */
export function planPatience({ patient, attempts, askedMs }: PatienceInput): number {
  const waits = patient ? waitsMs.patient : waitsMs.hurried;
  const wait = attempts === 0 ? 0 : (waits[Math.min(attempts, waits.length) - 1] ?? 0);
  return Math.max(wait, askedMs, secondMs);
}
