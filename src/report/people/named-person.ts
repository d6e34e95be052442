/**
 * How somebody was known: by a token, signed in at the provider, as the user of this machine (in this
 * process or over the socket), as a program over the queue, not at all (`http.open`), or by a name
 * that nobody has checked.
 */
export const waysKnown = [
  'token',
  'oidc',
  'local',
  'socket',
  'queue',
  'anonymous',
  'asserted',
] as const;
export type Known = (typeof waysKnown)[number];

/** Who did something, and how they were known. */
export interface NamedPerson {
  readonly by: string;
  /** Whom the request named beside that; nobody has checked it. */
  readonly asserted?: string;
  /** Absent in what an earlier build kept. */
  readonly known?: Known;
  /** At the provider: what never changes, and the mail. */
  readonly subject?: string;
  readonly mail?: string;
}

const words: Readonly<Record<Known, string>> = {
  token: 'by token',
  oidc: 'signed in',
  local: 'user of the machine',
  socket: 'user of the machine',
  queue: 'over the queue',
  anonymous: 'not signed in',
  asserted: 'asserted',
};

/** Whether a text of the store is a way to be known. */
export function isKnown(text: string | null | undefined): text is Known {
  return waysKnown.some((one) => one === text);
}

/** As it comes from the store or an answer: what is not known is null or absent. */
type Told = { readonly by: string | null } & {
  readonly [Part in 'asserted' | 'known' | 'mail']?: NamedPerson[Part] | null | undefined;
};

/** Who it was and how they were known, for a sentence: `ann (asserted)`. */
export function describePerson(person: Told & { readonly by: string }): string {
  const marks = describeKnown(person);
  return marks === '' ? person.by : `${person.by} (${marks})`;
}

/** How somebody was known, without the name; empty where nothing is kept of it. */
export function describeKnown({ by, asserted, known, mail }: Told): string {
  return [
    ...(known == null ? [] : [words[known]]),
    ...(mail == null || by?.includes(mail) === true ? [] : [mail]),
    ...(asserted == null ? [] : [`who names ${asserted}`]),
  ].join(', ');
}
