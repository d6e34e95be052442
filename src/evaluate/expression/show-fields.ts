import { cutText } from '../../text/cut-text.ts';
import type { Facts } from '../judgement.ts';
import { nameScopes } from '../name-scopes.ts';
import type { Subject } from '../rule.ts';
import { type FieldName, fields } from './fields.ts';

/** A violation names so many tags; all of them stand with the key. */
const shownTags = 100;

/** What the fields are that an expression names, so that a violation explains itself. */
export function showFields(named: readonly FieldName[], subject: Subject): Facts {
  return Object.assign({}, ...named.map((name) => showField(name, subject)));
}

/** A field that could not be read, and decided nothing, is left out. */
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
