import type { NoteDifference } from '../../evidence/differences/difference.ts';
import type { Records } from '../store/database.ts';
import type { LogStory } from './log-story.ts';

/**
 * A comparison of the records with the log, while others may write both. What is written together is
 * read together, in a view; between two views, others have their turn. So a view is short: what never
 * changes is read outside it, and the rows of long tables come in parts.
 */
export interface LogComparison {
  /** For what never changes, except that it may be pruned. */
  readonly db: Records;
  /** What the log says, up to the newest view. */
  readonly story: LogStory;
  readonly note: NoteDifference;
  /** Shows the records and the log as of one instant. `story` is brought up to it before. */
  view<T>(work: (view: Records) => Promise<T>): Promise<T>;
}
