import { describePerson, isKnown } from '../../report/people/named-person.ts';

/** Who did something, as a leaf says it. */
interface LeafPerson {
  readonly by: string;
  readonly known: string;
  readonly asserted: string | null;
  readonly mail: string | null;
  readonly sentTo?: string | null;
}

/** Who it was and how they were known, for a sentence: `ann (asserted)`. */
export function describeLeafPerson({ by, known, asserted, mail, sentTo }: LeafPerson): string {
  if (known === 'link') return `${by} (by link sent to ${sentTo})`;
  return describePerson({ by, asserted, mail, known: isKnown(known) ? known : null });
}
