/** Where the evidence log tells the closing of a sweep. */
export interface EvidenceOfSweep {
  readonly leaf: number;
  /** The first signed note over that leaf; null while there is none. */
  readonly checkpoint: string | null;
}

/** A line for people. The note's first two lines are the name of the log and its size. */
export function describeEvidence({ leaf, checkpoint }: EvidenceOfSweep): string {
  if (checkpoint === null) return `leaf ${leaf} of the evidence log, not signed`;
  const [origin, size] = checkpoint.split('\n');
  return `leaf ${leaf} of the evidence log, signed by ${origin} at ${size} leaves`;
}
