import { cutText } from './cut-text.ts';

/** What people name by an id or by the beginning of one. */
export type NamedThing = 'sweep' | 'alert' | 'finding' | 'review';

interface IdWords {
  readonly form: 'uuid' | 'fingerprint';
  /** How the thing and its id are called in a sentence. */
  readonly id: string;
  readonly listedBy: string;
}

const words: { readonly [T in NamedThing]: IdWords } = {
  sweep: { form: 'uuid', id: 'sweep id', listedBy: 'keysweep sweeps list' },
  alert: { form: 'uuid', id: 'alert id', listedBy: 'keysweep alerts list' },
  review: { form: 'uuid', id: 'review id', listedBy: 'keysweep reviews list' },
  finding: { form: 'fingerprint', id: 'fingerprint', listedBy: 'keysweep findings' },
};

const forms = {
  uuid: 'a UUID, or the first of its hexadecimal digits',
  fingerprint: '64 hexadecimal digits, or the first of them',
} as const;

/**
 * The lower-case hexadecimal digits of an id or of its beginning, without dashes. Undefined if no
 * id begins with this text.
 */
export function readIdBeginning(thing: NamedThing, text: string): string | undefined {
  const given = text.trim().toLowerCase();
  if (words[thing].form === 'fingerprint') {
    return /^[\da-f]{1,64}$/.test(given) ? given : undefined;
  }
  const digits = given.replaceAll('-', '');
  if (!/^[\da-f]{1,32}$/.test(digits)) return undefined;
  return given === digits || toUuid(digits, '0').startsWith(given) ? digits : undefined;
}

/** The first (`filler` 0) or the last (f) UUID that begins with these digits. */
export function toUuid(digits: string, filler: '0' | 'f'): string {
  return digits.padEnd(32, filler).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Whoever wrote a text that is no id may have written a megabyte. */
function quote(text: string): string {
  return JSON.stringify(cutText(text, 100));
}

/** Says that a text has not the form of an id. */
export function malformedId(thing: NamedThing, text: string): string {
  const { form, id, listedBy } = words[thing];
  return `${quote(text)} is no ${id}: it must be ${forms[form]}; ${listedBy} shows them`;
}

/** Says that nothing has an id that begins so. */
export function absentId(thing: NamedThing, text: string): string {
  const { id, listedBy } = words[thing];
  return `no ${id} begins with ${quote(text)}; ${listedBy} shows them`;
}

/** How many candidates are listed for an ambiguous beginning. */
export const mostCandidates = 5;

/** Says which ids begin so. `candidates`: more than one, one more than listed if there are more. */
export function ambiguousId(
  thing: NamedThing,
  text: string,
  candidates: readonly string[],
): string {
  const listed = candidates.slice(0, mostCandidates).join(', ');
  const more = candidates.length > mostCandidates ? ', and others' : '';
  return `several ${words[thing].id}s begin with ${quote(text)}: ${listed}${more}; give more digits`;
}
