import { type RawBuilder, sql } from 'kysely';
import { safeText } from '../../report/safe-text.ts';
import {
  ambiguousId,
  mostCandidates,
  type NamedThing,
  readIdBeginning,
  toUuid,
} from '../../text/id-beginning.ts';
import type { Records } from './database.ts';
import { RequestRefused } from './errors.ts';

/** A row that a beginning may mean: its whole id, and what helps to tell it from others. */
interface Candidate {
  readonly id: string;
  readonly about: string;
}

/** A sweep that somebody named. `row`: its id in the records. */
export interface NamedSweep {
  readonly id: string;
  readonly row: number;
}

/**
 * The sweep whose id begins so. Undefined if there is none; throws `RequestRefused` if there are
 * several.
 */
export async function findSweep(db: Records, beginning: string): Promise<NamedSweep | undefined> {
  return choose('sweep', beginning, async (digits) => {
    const found = await sql<Candidate & NamedSweep>`
      select id as row, uuid::text as id, concat(
        coalesce('schedule ' || schedule, trigger), ', opened ',
        to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI"Z"')) as about
      from keysweep.sweep where uuid ${within(digits)} order by uuid ${limit}
    `.execute(db);
    return found.rows;
  });
}

/** The campaign of a review whose id begins so, as `findSweep`. */
export async function findReview(db: Records, beginning: string): Promise<NamedSweep | undefined> {
  return choose('review', beginning, async (digits) => {
    const found = await sql<Candidate & NamedSweep>`
      select id as row, uuid::text as id, concat(review, ', opened ',
        to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI"Z"')) as about
      from keysweep.review where uuid ${within(digits)} order by uuid ${limit}
    `.execute(db);
    return found.rows;
  });
}

/** The id of the alert whose id begins so, as `findSweep`. */
export async function findAlert(db: Records, beginning: string): Promise<string | undefined> {
  const alert = await choose('alert', beginning, async (digits) => {
    const found = await sql<Candidate>`
      select id::text as id, concat(type, ' to ', channel) as about from keysweep.alert
      where id ${within(digits)} order by alert.id ${limit}
    `.execute(db);
    return found.rows;
  });
  return alert?.id;
}

/** The row of the finding whose fingerprint begins so, as `findSweep`. */
export async function findFinding(db: Records, beginning: string): Promise<number | undefined> {
  const finding = await choose('finding', beginning, async (digits) => {
    const found = await sql<Candidate & { row: number }>`
      select f.id as row, f.fingerprint as id, concat(f.rule, ' of ', k.key_id) as about
      from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
      where f.fingerprint like ${`${digits}%`} order by f.fingerprint ${limit}
    `.execute(db);
    return found.rows.map(shorten(digits));
  });
  return finding?.row;
}

/** A whole fingerprint is too long for a sentence; these digits tell candidates apart. */
function shorten(digits: string) {
  return <T extends Candidate>(row: T): T => ({ ...row, id: row.id.slice(0, digits.length + 12) });
}

const limit = sql.raw(`limit ${mostCandidates + 1}`);

/** A range uses the index; a comparison of text would not. */
function within(digits: string): RawBuilder<unknown> {
  return sql`between ${toUuid(digits, '0')}::uuid and ${toUuid(digits, 'f')}::uuid`;
}

async function choose<T extends Candidate>(
  thing: NamedThing,
  beginning: string,
  read: (digits: string) => Promise<readonly T[]>,
): Promise<T | undefined> {
  const digits = readIdBeginning(thing, beginning);
  if (digits === undefined) return undefined;
  const found = await read(digits);
  if (found.length < 2) return found[0];
  const candidates = found.map(({ id, about }) => `${id} (${safeText(about)})`);
  throw new RequestRefused(ambiguousId(thing, beginning, candidates));
}

/**
 * The key id that a beginning of it means, of the ids that begin so, in their order. A whole id
 * comes first: it may be the beginning of others. Throws `RequestRefused` if it may mean several.
 */
export function chooseKeyId(beginning: string, ids: readonly string[]): string | undefined {
  if (beginning === '') return undefined;
  const [first, second] = ids;
  if (ids.includes(beginning)) return beginning;
  if (second === undefined) return first;
  const listed = ids.slice(0, mostCandidates).map(safeText).join(', ');
  const more = ids.length > mostCandidates ? ', and others' : '';
  const asked = JSON.stringify(beginning);
  throw new RequestRefused(
    `several key ids begin with ${asked}: ${listed}${more}; give more of it`,
  );
}
