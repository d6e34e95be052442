/**
 * A key id in a source that somebody answers for. `owner` and `environment` are null where the
 * inventory states none; `approvedScopes` is null where it states nothing, empty where it approves
 * none.
 */
export interface TrackedKey {
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}
