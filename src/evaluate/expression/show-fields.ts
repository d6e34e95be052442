import { cutText } from '../../text/cut-text.ts';
import type { Facts } from '../judgement.ts';
import { nameScopes } from '../name-scopes.ts';
import type { Subject } from '../rule.ts';
import { type FieldName, fields } from './fields.ts';

/** How many tags a violation names; the inventory has all of them. */
const shownTags = 100;

/** The values of the fields that an expression names, so that a violation explains itself. */
export function showFields(named: readonly FieldName[], subject: Subject): Facts {
  return Object.assign({}, ...named.map((name) => showField(name, subject)));
}

/** An unreadable field is left out: it did not affect the result. */
function showField(name: FieldName, subject: Subject): Facts {
  const value = fields[name].read(subject);
  if (value === undefined) return {};
  if (name === 'scopes') return { scopes: [], ...nameScopes(name, subject.scopes ?? []) };
  if (name === 'tags') return { tags: showTags(subject.tags) };
  return { [name]: typeof value === 'bigint' ? Number(value) : cutText(String(value)) };
}

function showTags(tags: readonly string[]): string[] {
  const sorted = [...new Set(tags)].sort();
  return sorted.slice(0, shownTags).map((tag) => cutText(tag));
}
