import type { LapseCause } from '../../../evaluate/history/transition.ts';
import { describeKnown } from '../../../report/people/named-person.ts';
import type { AlertFinding, AlertUnknown, Lapse } from '../../message.ts';
import { dayOf } from '../describe-line.ts';
import { inertWords } from './inert-words.ts';
import type { LetterEntry, LetterFact } from './letter.ts';

/** These limits let one finding with the worst text fit, because a finding cannot be split. */
const longest = {
  message: 500,
  id: 300,
  name: 150,
  reason: 300,
  command: 400,
  scope: 100,
} as const;
const mostScopes = 10;
const mostControls = 10;

const causes: Readonly<Record<LapseCause, string>> = {
  expired: 'which has expired',
  'key-changed': 'but the key has changed since',
  'no-longer-applies': 'which applies to it no more',
  withdrawn: 'which was withdrawn',
  'not-approved': 'which waits for approval',
};

/** Renders a finding as one entry of a mail, without unknown details. */
export function findingEntry(finding: AlertFinding): LetterEntry {
  const { source, keyId, owner, environment, fingerprint } = finding;
  const facts: readonly (LetterFact | null)[] = [
    { label: 'Key', value: `${name(source)} / ${inertWords(keyId, longest.id)}`, exact: true },
    fact('Name', joined([finding.keyName])),
    fact('Kind', describeKind(finding)),
    fact('Owner', joined([owner])),
    fact('Environment', joined([environment])),
    { label: 'First seen', value: name(dayOf(finding)) },
    ...stakesOf(finding),
    fact('Ended', finding.resolution),
    fact('Ended by', describeEnd(finding)),
    fact('Controls', finding.controls.slice(0, mostControls).map(name).join(', ')),
    fact('Waiver', finding.waiver === null ? null : name(finding.waiver)),
    fact('Was waived', finding.lapse === null ? null : describeLapse(finding.lapse)),
    { label: 'Fingerprint', value: name(fingerprint), exact: true },
    fact('What to do', finding.remedy),
    finding.command === null
      ? null
      : { label: 'Command', value: inertWords(finding.command, longest.command), exact: true },
    finding.link === null ? null : { label: 'Page', value: finding.link, link: true },
  ];
  return {
    severity: finding.severity,
    title: name(finding.rule),
    message: inertWords(finding.message, longest.message),
    facts: facts.filter((one) => one !== null),
  };
}

/** Renders an unknown key as one entry of a mail. */
export function unknownEntry({ source, keyId, rule, reason, detail }: AlertUnknown): LetterEntry {
  return {
    severity: null,
    title: rule === null ? reason : `${name(rule)}: ${reason}`,
    message: inertWords(detail, longest.reason),
    facts: [
      { label: 'Key', value: `${name(source)} / ${inertWords(keyId, longest.id)}`, exact: true },
    ],
  };
}

/** When the key was last used and what it may do, as long as somebody has to act. */
function stakesOf({ status, lastUsed, scopes }: AlertFinding): readonly (LetterFact | null)[] {
  if (status !== 'open') return [];
  const some = scopes?.slice(0, mostScopes).map((scope) => inertWords(scope, longest.scope)) ?? [];
  const more = (scopes?.length ?? 0) - some.length;
  return [
    fact('Last used', lastUsed === null ? 'never' : (lastUsed?.slice(0, 10) ?? null)),
    fact('Scopes', some.join(', ') + (more > 0 ? ` and ${more} more` : '')),
  ];
}

function name(text: string): string {
  return inertWords(text, longest.name);
}

function fact(label: string, value: string | null): LetterFact | null {
  return value === null || value === '' ? null : { label, value };
}

function joined(texts: readonly (string | null)[]): string {
  return texts
    .filter((text) => text !== null && text !== '')
    .map((text) => name(text ?? ''))
    .join(', ');
}

function describeKind({ keyType, lastFour }: AlertFinding): string {
  return joined([keyType, lastFour === null || lastFour === '' ? null : `ends in ${lastFour}`]);
}

function describeEnd({ acknowledgement }: AlertFinding): string | null {
  if (acknowledgement === null) return null;
  const { by, at, reason } = acknowledgement;
  const marks = describeKnown(acknowledgement);
  const who = marks === '' ? name(by) : `${name(by)} (${name(marks)})`;
  return `${who}, ${name(at)}: ${inertWords(reason, longest.reason)}`;
}

function describeLapse({ waiver, reason, cause }: Lapse): string {
  return `by ${name(waiver)} (${inertWords(reason, longest.reason)}), ${causes[cause]}`;
}
