/** Enough for keysweep.yaml and policy.yaml, because people write them. */
export const mostConfigBytes = 1024 * 1024;
