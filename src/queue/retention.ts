/**
 * Finished jobs are kept for an hour, so that their ids are ignored meanwhile; failed jobs for a
 * week, so that people can look at them. Ages are seconds.
 */
export const retention = {
  removeOnComplete: { age: 3_600, count: 5_000 },
  removeOnFail: { age: 7 * 86_400, count: 5_000 },
} as const;
