/** Who somebody is to keysweep. */
export const callerRoles = ['viewer', 'auditor', 'operator'] as const;
export type CallerRole = (typeof callerRoles)[number];

/**
 * What a request does: it reads, decides on keys in a review, downloads evidence, tries a policy
 * (which changes nothing, but costs much), looks into the queue, or changes something.
 */
export type Access = 'read' | 'review' | 'evidence' | 'trial' | 'queue' | 'write';

const permitted: Readonly<Record<CallerRole, readonly Access[]>> = {
  viewer: ['read', 'review'],
  auditor: ['read', 'review', 'evidence'],
  operator: ['read', 'review', 'evidence', 'trial', 'queue', 'write'],
};

export function permits(role: CallerRole, access: Access): boolean {
  return permitted[role].includes(access);
}

/** The name of the token that `start` makes. */
export const ownTokenName = 'own-token';

/** The name of a caller who needs no credential, because `http.open` is true. */
export const anonymousName = 'anonymous';
