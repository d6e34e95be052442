import type { LogStory } from './log-story.ts';

/** A transaction that waits this long for the head of the log has ended before. */
const mostMs = 3_600_000;

/**
 * Whether a row with this instant can be of the transaction that wrote the leaf: the row comes
 * before its leaf. After a clock was set back, leaves keep the instant that it had shown.
 */
export function isWrittenWith(
  { n, event }: { readonly n: number; readonly event: { readonly at: string } },
  at: Date,
  { pinned }: Pick<LogStory, 'pinned'>,
): boolean {
  const before = Date.parse(event.at) - at.getTime();
  return before >= 0 && (before <= mostMs || pinned.has(n));
}
