import { escapeText } from '../text/escape-text.ts';
import type { KeyDetails } from './detail-fields.ts';
import { isEmptyDate, parseInstant } from './instant.ts';
import type { VendorFields } from './vendor-fields.ts';

// The vendor shows four characters. A longer text may be the secret itself, which is never kept.
const longestLastFour = 16;
// Real names and types are shorter. 20,000 keys with names of a megabyte would use up all memory.
const longestName = 10_000;
const longestType = 1_000;

/**
 * Reads the vendor's fields of a key. A field that is absent or has the wrong type is unreadable,
 * with two exceptions: an absent or null `name` is empty text, and a `lastUsed` that is null or an
 * empty date means never used. A `createdOn` that is an empty date is unreadable.
 */
export function readDetails(fields: VendorFields): KeyDetails {
  return {
    name: readName(fields.get('name')),
    type: readType(fields.get('type')),
    scopes: readScopes(fields.get('scopes')),
    createdOn: readInstant(fields.get('createdon')),
    lastUsed: readLastUse(fields.get('lastused')),
    lastFour: readLastFour(fields.get('lastfour')),
  };
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? escapeText(value) : undefined;
}

/** A name that is too long is cut and ends in `…`. */
function readName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length <= longestName) return readText(value ?? '');
  return `${escapeText(value.slice(0, longestName))}…`;
}

/** A blank type is as unreadable as an absent one: a rule that matches on type must not pass it. */
function readType(value: unknown): string | undefined {
  const type = readText(value);
  const readable = type !== undefined && type.trim() !== '' && type.length <= longestType;
  return readable ? type : undefined;
}

function readScopes(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isText = (scope: unknown) => typeof scope === 'string';
  return value.every(isText) ? value.map(escapeText) : undefined;
}

function readInstant(value: unknown): Date | undefined {
  return typeof value === 'string' && !isEmptyDate(value) ? parseInstant(value) : undefined;
}

function readLastUse(value: unknown): Date | null | undefined {
  const isNever = value === null || (typeof value === 'string' && isEmptyDate(value));
  return isNever ? null : readInstant(value);
}

function readLastFour(value: unknown): string | undefined {
  const text = readText(value);
  return text === undefined || text.length > longestLastFour ? undefined : text;
}
