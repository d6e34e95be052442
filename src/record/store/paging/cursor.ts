import { z } from 'zod';
import { isStorable } from '../../../text/is-storable.ts';
import { RequestRefused } from '../errors.ts';

/**
 * Cursors of one list. A cursor holds the place of the last item that was given out, so that items
 * that come or go meanwhile are neither repeated nor skipped.
 */
export interface Cursors<Place> {
  write(place: Place): string;
  /** Throws `RequestRefused` for anything that `write` did not make. */
  read(cursor: string | undefined): Place | undefined;
}

/** `list`: the name of the list, so that the cursor of another list is refused. */
export function createCursors<Place extends readonly unknown[]>(
  list: string,
  place: z.ZodType<Place>,
): Cursors<Place> {
  const whole = z.tuple([z.literal(list), place]);
  return {
    write: (values) => Buffer.from(JSON.stringify([list, values])).toString('base64url'),
    read(cursor) {
      if (cursor === undefined) return undefined;
      const read = whole.safeParse(decode(cursor));
      if (read.success) return read.data[1];
      const why = 'cursor: not one that this list has given; leave it out to begin';
      throw new RequestRefused(why, 'filter');
    },
  };
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A text of a place. */
export const placeText = z.string().refine(isStorable);
