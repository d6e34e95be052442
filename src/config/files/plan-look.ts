/** What is known of files that are watched. A stamp changes whenever one of the files changes. */
export interface Watched {
  /** The stamp with which they were read last. */
  readonly read: string | undefined;
  /** The stamp that was seen last, and since when. */
  readonly seen: string | undefined;
  readonly sinceMs: number;
}

export const neverRead: Watched = { read: undefined, seen: undefined, sinceMs: 0 };

/**
 * Decides whether watched files are read now: when they have changed since they were read, and have
 * stood still for `stillMs`. A file that is still being written would be read in part.
 */
export function planLook(
  { read, seen, sinceMs }: Watched,
  { stamp, nowMs }: { readonly stamp: string; readonly nowMs: number },
  stillMs: number,
): { readonly watched: Watched; readonly due: boolean } {
  const since = stamp === seen ? sinceMs : nowMs;
  const due = stamp !== read && nowMs - since >= stillMs;
  return { watched: { read, seen: stamp, sinceMs: since }, due };
}
