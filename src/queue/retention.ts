/**
 * Finished jobs are kept for an hour, for their ids to be swallowed meanwhile; failed ones for a
 * week, for people to look at. Ages are seconds.
 */
export const retention = {
  removeOnComplete: { age: 3_600, count: 5_000 },
  removeOnFail: { age: 7 * 86_400, count: 5_000 },
} as const;
