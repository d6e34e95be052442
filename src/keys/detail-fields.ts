import { isoInstant } from '../text/iso-instant.ts';

/** The value of a readable field, by its kind. A `last-use` of null means never used. */
interface Values {
  readonly text: string;
  readonly texts: readonly string[];
  readonly instant: Date;
  readonly 'last-use': Date | null;
}

interface JsonValues extends Omit<Values, 'instant' | 'last-use'> {
  readonly instant: string;
  readonly 'last-use': string | null;
}

/**
 * The fields that a vendor may state for a key, in the order of reports: the name in JSON and in
 * stored observations, the column in CSV, and the name in an alert's finding if it stands there.
 * `readDetails` reads them; storage, reports and alerts pass them on by this table.
 */
export const detailFields = [
  { name: 'name', kind: 'text', column: 'name', alerted: 'keyName' },
  { name: 'type', kind: 'text', column: 'key_type', alerted: 'keyType' },
  { name: 'scopes', kind: 'texts', column: 'scopes' },
  { name: 'createdOn', kind: 'instant', column: 'created_on_utc' },
  { name: 'lastUsed', kind: 'last-use', column: 'last_used_utc' },
  { name: 'lastFour', kind: 'text', column: 'last_four', alerted: 'lastFour' },
] as const;

type Field = (typeof detailFields)[number];
type AlertedField = Extract<Field, { alerted: string }>;

/**
 * What the vendor says of one key. A field that is `undefined` was absent or unreadable: a rule
 * that needs it answers unknown. `lastUsed: null` is readable and means never used. Text is already
 * escaped for the database (no U+0000, no lone surrogates).
 */
export type KeyDetails = { readonly [F in Field as F['name']]: Values[F['kind']] | undefined };

/** Details in JSON: instants are texts in RFC 3339, and unreadable fields are left out. */
export type DetailsJson = { readonly [F in Field as F['name']]?: JsonValues[F['kind']] };

/** The details of a finding in an alert; null where the vendor gave no readable value. */
export type AlertedDetails = { readonly [F in AlertedField as F['alerted']]: string | null };

/** The details of a key without readable fields. */
export const noDetails = mapFields<KeyDetails>(() => undefined);

/** The details alone, from an object that may hold more. */
export function pickDetails(from: KeyDetails): KeyDetails {
  return mapFields(({ name }) => from[name]);
}

export function readDetailsJson(json: DetailsJson): KeyDetails {
  return mapFields(({ name, kind }) => {
    const value = json[name];
    const isInstant = (kind === 'instant' || kind === 'last-use') && typeof value === 'string';
    return isInstant ? new Date(value) : value;
  });
}

/** An invalid Date counts as unreadable. */
export function toDetailsJson(details: KeyDetails): DetailsJson {
  const json: Record<string, unknown> = {};
  for (const { name } of detailFields) {
    const value = details[name];
    if (value === undefined) continue;
    if (!(value instanceof Date)) json[name] = value;
    else if (!Number.isNaN(value.getTime())) json[name] = isoInstant(value);
  }
  return json;
}

/** A key's details under the names that an alert gives them. */
export function toAlertedDetails(
  details: {
    readonly [F in AlertedField as F['name']]?: string | null | undefined;
  },
): AlertedDetails {
  return mapAlerted(({ name }) => details[name] ?? null);
}

/** The alerted details of a finding, with `change` applied to each text. */
export function mapAlertedDetails(
  finding: AlertedDetails,
  change: (text: string) => string,
): AlertedDetails {
  return mapAlerted(({ alerted }) => {
    const text = finding[alerted];
    return text === null ? null : change(text);
  });
}

const alertedFields = detailFields.filter((field) => 'alerted' in field);

/** A loop, because a closing does this for each finding that changed. */
function mapAlerted(read: (field: AlertedField) => string | null): AlertedDetails {
  const values: Record<string, string | null> = {};
  for (const field of alertedFields) values[field.alerted] = read(field);
  return values as AlertedDetails;
}

/** A loop, because reports do this for each key. */
function mapFields<T>(read: (field: Field) => unknown): T {
  const values: Record<string, unknown> = {};
  for (const field of detailFields) values[field.name] = read(field);
  return values as T;
}
