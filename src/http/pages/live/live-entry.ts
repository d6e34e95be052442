import type { OperationName } from '../../../operations/index.ts';
import type { PageReads } from '../page-entry.ts';

/** A part of a page as it is now, or where the browser goes because it changes no more. */
export type LivePart =
  | { readonly kind: 'part'; readonly html: string }
  | { readonly kind: 'end'; readonly to: string };

/** A part of a page that changes while somebody looks at it. */
export interface LiveEntry {
  readonly path: string;
  /** As for a page. */
  readonly what?: OperationName;
  read(params: Readonly<Record<string, string>>, reads: PageReads, now: Date): Promise<LivePart>;
}
