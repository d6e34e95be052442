import type { Facts } from '../judgement.ts';
import { nameScopes } from '../name-scopes.ts';
import type { Subject } from '../rule.ts';
import { type FieldName, fields } from './fields.ts';

/** A text in the facts is for people; the whole of it stands with the key. */
const longest = 200;

/** A violation names so many tags. */
const shownTags = 100;

/** What the fields are that an expression names, so that a violation explains itself. */
export function showFields(named: readonly FieldName[], subject: Subject): Facts {
  return Object.assign({}, ...named.map((name) => showField(name, subject)));
}

function showField(name: FieldName, subject: Subject): Facts {
  if (name === 'scopes') return nameScopes(name, subject.scopes ?? []);
  if (name === 'tags')
    return { tags: [...new Set(subject.tags)].sort().slice(0, shownTags).map(cut) };
  const value = fields[name].read(subject);
  if (value === undefined) return {};
  return { [name]: typeof value === 'bigint' ? Number(value) : cut(String(value)) };
}

/** Never cuts a pair in half: the database refuses such text. */
function cut(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
