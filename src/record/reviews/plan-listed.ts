import { canonicalJson, type JsonValue } from '../../evidence/canonical-json.ts';
import { nameObject } from '../../evidence/manifest.ts';
import type { ListedForReview } from '../../report/review/review-model.ts';

/** A key as a campaign lists it. */
export interface ListedKeyOfReview {
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly listed: ListedForReview;
}

/** The list of the keys of a campaign, in its one form, and the SHA-256 of that form in hex. */
export interface ListedObject {
  readonly text: string;
  readonly hash: string;
}

/** `keys`: in the order of source and key id. */
export function planListed(keys: readonly ListedKeyOfReview[]): ListedObject {
  const entries = keys.map(({ source, keyId, owner, listed }) => ({
    ...{ source, keyId, owner },
    listed: listed as unknown as JsonValue,
  }));
  const text = canonicalJson({ version: 1, keys: entries });
  return { text, hash: nameObject(text) };
}
