import type { LapseCause, Resolution } from '../../evaluate/history/transition.ts';
import { describeKnown, type NamedPerson } from '../../report/people/named-person.ts';
import { withMark } from '../../report/simulated.ts';
import type {
  AlertedAcknowledgement,
  AlertFinding,
  AlertUnknown,
  changeArrays,
} from '../message.ts';
import { defuse, harmlessText } from './harmless-text.ts';

/** One line about a finding or an unknown key: the key and the text. */
export interface DigestLine {
  readonly key: string;
  readonly says: string;
  /** Further lines: what to know and to do. */
  readonly more: readonly string[];
  /** An address of our own, which needs no defusing; null if there is none. */
  readonly link: string | null;
}

/** Ordinary texts are far shorter. A message of one finding fits every channel at these limits. */
const longest = { id: 120, name: 60, says: 240, scope: 60, command: 300 } as const;
const mostScopes = 5;

const ends: Readonly<Record<Resolution, string>> = {
  fixed: 'fixed',
  untracked: 'the key is tracked no more',
  missing: 'the vendor knows the key no more',
  'policy-changed': 'the policy changed',
  acknowledged: 'acknowledged',
  overdue: 'the limit it warned of is reached',
};

const lapses: Readonly<Record<LapseCause, string>> = {
  expired: 'has expired',
  'key-changed': 'fell, for the key changed',
  'no-longer-applies': 'covers it no more',
  withdrawn: 'was withdrawn',
  'not-approved': 'waits for approval',
};

type ChangeArray = (typeof changeArrays)[number];

/** The text for a finding in each array of changes. The finding's message is already harmless. */
const sayings: {
  readonly [Name in ChangeArray]: (finding: AlertFinding, message: string) => string;
} = {
  opened: (_, message) => message,
  reopened: (_, message) => message,
  resolved: (finding, message) => `${endOf(finding)} (was: ${message})`,
  lapsed: ({ lapse }, message) =>
    lapse === null
      ? message
      : `${message}; waiver ${harmlessText(lapse.waiver, longest.name)} ${lapses[lapse.cause]}`,
  waived: ({ waiver }, message) =>
    waiver === null ? message : `by ${harmlessText(waiver, longest.name)} (was: ${message})`,
  reminders: (finding, message) => `${message}; open since ${dayOf(finding)}`,
};

/** Who acknowledged a finding, on which day and why; harmless. */
export function describeAcknowledgement(acknowledgement: AlertedAcknowledgement): string {
  const { at, reason } = acknowledgement;
  const who = harmlessPerson(acknowledgement);
  return `acknowledged by ${who} on ${at.slice(0, 10)}: ${harmlessText(reason, longest.says)}`;
}

/** Who it was, and how they were known; harmless. */
function harmlessPerson(person: NamedPerson): string {
  const by = harmlessText(person.by, longest.name);
  const marks = harmlessText(describeKnown(person), longest.name * 2);
  return marks === '' ? by : `${by} (${marks})`;
}

/**
 * `source/key "name" (owner)` and `rule: what is wrong`; in detail, for an open finding, also what is
 * at stake and what to run.
 */
export function describeFinding(
  array: ChangeArray,
  finding: AlertFinding,
  detailed: boolean,
): DigestLine {
  const { keyName, owner, rule, message } = finding;
  const name =
    keyName === null || keyName === '' ? '' : ` "${harmlessText(keyName, longest.name)}"`;
  const of = owner === null || owner === '' ? '' : ` (${harmlessText(owner, longest.name)})`;
  const says = sayings[array](finding, harmlessText(message, longest.says));
  return {
    key: `${keyOf(finding)}${name}${of}`,
    says: `${harmlessText(rule, longest.name)}: ${says}`,
    more: detailed && finding.status === 'open' ? detailsOf(finding) : [],
    link: detailed ? finding.link : null,
  };
}

/** The day on which a finding was first seen; says if that sweep was simulated. */
export function dayOf({ firstSeen, firstSeenSimulated }: AlertFinding): string {
  return withMark(firstSeen.slice(0, 10), firstSeenSimulated);
}

function detailsOf(finding: AlertFinding): readonly string[] {
  const { lastUsed, scopes, command } = finding;
  const used = describeLastUse(lastUsed);
  const facts = [
    `first seen ${dayOf(finding)}`,
    ...(used === undefined ? [] : [used]),
    ...(scopes === null ? [] : [describeScopes(scopes)]),
  ];
  return [
    defuse(facts.join('; ')),
    ...(command === null ? [] : [harmlessText(command, longest.command)]),
  ].filter((line) => line.trim() !== '');
}

/** Undefined where it is not known. */
function describeLastUse(lastUsed: string | null | undefined): string | undefined {
  if (lastUsed === undefined) return undefined;
  return lastUsed === null ? 'never used' : `last used ${lastUsed.slice(0, 10)}`;
}

function describeScopes(scopes: readonly string[]): string {
  if (scopes.length === 0) return 'no scopes';
  const named = scopes.slice(0, mostScopes).map((scope) => harmlessText(scope, longest.scope));
  const more = scopes.length - named.length;
  return `scopes: ${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** For a message with too many findings to say it of each. */
export const whereDetailsAre: DigestLine = {
  key: 'Each key:',
  says: 'keysweep findings lists them; keysweep audit KEY --source ID looks again',
  more: [],
  link: null,
};

/** One line per rule: its remedy. */
export function describeRemedy(rule: string, remedy: string): DigestLine {
  return { key: `${harmlessText(rule, longest.name)}:`, says: remedy, more: [], link: null };
}

export function describeUnknownKey(unknown: AlertUnknown): DigestLine {
  const of = unknown.rule === null ? '' : `rule ${harmlessText(unknown.rule, longest.name)}: `;
  const says = `${of}${harmlessText(unknown.detail, longest.says)}`;
  return { key: `${keyOf(unknown)}:`, says: defuse(says), more: [], link: null };
}

function keyOf({ source, keyId }: { readonly source: string; readonly keyId: string }): string {
  return defuse(`${harmlessText(source, longest.id)}/${harmlessText(keyId, longest.id)}`);
}

/** Our own words for a resolution; one that this version does not know is shown unchanged. */
function endOf({ resolution, acknowledgement }: AlertFinding): string {
  if (acknowledgement !== null) return describeAcknowledgement(acknowledgement);
  if (resolution === null) return 'resolved';
  return Object.hasOwn(ends, resolution) ? ends[resolution as Resolution] : 'resolved';
}
