/** Where the groups of ages begin, in whole days; each group ends before the next one begins. */
export const ageStarts = [0, 7, 30, 90] as const;
