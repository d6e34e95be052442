import type { Database } from '../../store/database.ts';
import { type AlertFigures, readAlertFigures } from './read-alert-figures.ts';
import { createKeyFigures, type KeyFigures } from './read-key-figures.ts';
import { readSweepFigures, type SweepFigures } from './read-sweep-figures.ts';

/** What the records say of the whole installation, whichever process asks. */
export type RecordFigures = SweepFigures & KeyFigures & AlertFigures;

/**
 * Returns a function that reads the figures, one statement after another, so that it takes one
 * connection. No statement reads rows per key and night, but those of the sweep that closed last,
 * once.
 */
export function createRecordFigures(database: Database): () => Promise<RecordFigures> {
  const readKeyFigures = createKeyFigures(database);
  return async () => ({
    ...(await readSweepFigures(database)),
    ...(await readKeyFigures()),
    ...(await readAlertFigures(database)),
  });
}
