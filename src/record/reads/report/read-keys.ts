import { sql } from 'kysely';
import { noDetails } from '../../../keys/detail-fields.ts';
import type { ReportKey } from '../../../report/model.ts';
import { verdictOf } from '../../store/codes.ts';
import type { Records } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';
import type { ReadOrder } from './list-report.ts';
import { readAhead } from './read-ahead.ts';
import { cutOrder, milliseconds, readSweptRows, type SweptRow } from './swept-rows.ts';

interface Found {
  readonly verdict: number;
  /** In milliseconds. */
  readonly lastUsed: number | null;
  readonly content: ObservationContent | null;
}

const wanted = {
  verdict: sql`s.verdict`,
  lastUsed: milliseconds(sql`s.last_used`),
  content: sql`o.content`,
};

/** All keys of the sweep. */
export async function* readKeys(
  db: Records,
  sweepRow: number,
  list: ReadOrder,
): AsyncIterable<ReportKey> {
  const chunks = readAhead(cutOrder(await list()), (some) =>
    readSweptRows<Found>(db, sweepRow, some, wanted),
  );
  for await (const rows of chunks) for (const row of rows) yield toKey(row);
}

function toKey({
  source,
  keyId,
  verdict,
  owner,
  environment,
  ...said
}: Found & SweptRow): ReportKey {
  return { source, keyId, verdict: verdictOf(verdict), ...describe(said), owner, environment };
}

function describe({ content, lastUsed }: Pick<Found, 'content' | 'lastUsed'>) {
  if (content === null || content.missing === true) return noDetails;
  return toDetails(content, lastUsed === null ? null : new Date(lastUsed));
}
