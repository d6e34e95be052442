import type { AskedChange } from '../../record/audit-log/record-asked.ts';
import { cutText } from '../../text/cut-text.ts';
import { escapeText } from '../../text/escape-text.ts';

interface Bounds {
  /** Of one text. */
  readonly characters: number;
  /** Of one list. */
  readonly items: number;
}

/** From the most to the least that is kept. */
const tries: readonly Bounds[] = [
  { characters: 200, items: 20 },
  { characters: 60, items: 5 },
  { characters: 20, items: 1 },
];

const mostCharacters = 4_000;
const mostDeep = 5;
const secretName = /token|secret|password|credential/i;

/** Whether a field of this name may hold a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The input of a change in the form that is kept: bounded, storable, and without a secret. */
export function boundInput(input: unknown): object {
  for (const bounds of tries) {
    const kept = { ...(bound(input, bounds, 0) as object) };
    if (JSON.stringify(kept).length <= mostCharacters) return kept;
  }
  return { cut: true };
}

/** A text that is kept. */
export function boundText(text: string, characters = 200): string {
  return escapeText(cutText(text, characters));
}

/** What is kept of whoever did something. */
export function boundPerson<Person extends Pick<AskedChange, 'subject' | 'mail'>>(
  person: Person,
): Person {
  const { subject, mail } = person;
  return { ...person, subject: subject && boundText(subject), mail: mail && boundText(mail) };
}

function bound(value: unknown, bounds: Bounds, depth: number): unknown {
  if (typeof value === 'string') return boundText(value, bounds.characters);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= mostDeep) return '…';
  const inner = (one: unknown) => bound(one, bounds, depth + 1);
  if (Array.isArray(value)) return boundList(value, bounds).map(inner);
  const fields = Object.entries(value).slice(0, tries[0]?.items);
  return Object.fromEntries(
    fields.map(([name, field]) => [
      boundText(name, bounds.characters),
      isSecretName(name) ? '(hidden)' : inner(field),
    ]),
  );
}

function boundList(list: readonly unknown[], { items }: Bounds): readonly unknown[] {
  if (list.length <= items) return list;
  return [...list.slice(0, items), `… and ${list.length - items} more`];
}
