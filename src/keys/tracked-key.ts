/**
 * A key of the inventory: its id in a source, and who answers for it. `owner` and `environment` are
 * null when the inventory does not name them. `approvedScopes` is null when the inventory does not
 * mention scopes, and empty when it approves none.
 */
export interface TrackedKey {
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}
