/** What the inventory says of a key besides its name. */
export interface EntryParts {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}

/** The text whose hash is that of an inventory entry: see docs/evidence-format.md. */
export function entryText({ owner, environment, approvedScopes, tags }: EntryParts): string {
  return JSON.stringify([owner, environment, approvedScopes, tags]);
}
