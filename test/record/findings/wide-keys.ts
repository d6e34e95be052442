import type { Saying } from '../world.ts';

/** A rule whose facts are what the vendor says, and one for keys that cannot be audited. */
export const wideRules = `
  - { id: wide, type: over-scoped, forbid: ['*:write'], severity: high }
  - { id: silent, type: unaudited, after: 1h, severity: low }
`;

/** What the vendor says of a key with these scopes to write. */
export const writes = (...scopes: readonly string[]): Saying => ({
  details: { scopes: ['customers:read', ...scopes.map((scope) => `${scope}:write`)] },
});

export const unreadable: Saying = { details: { scopes: undefined } };
