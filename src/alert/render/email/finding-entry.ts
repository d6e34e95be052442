import type { LapseCause } from '../../../evaluate/history/transition.ts';
import type { AlertFinding, AlertUnknown, Lapse } from '../../message.ts';
import { inertWords } from './inert-words.ts';
import type { LetterEntry, LetterFact } from './letter.ts';

/** These limits let one finding with the worst text fit, because a finding cannot be split. */
const longest = { message: 500, id: 300, name: 150, reason: 300 } as const;
const mostControls = 10;

const causes: Readonly<Record<LapseCause, string>> = {
  expired: 'which has expired',
  'key-changed': 'but the key has changed since',
  'no-longer-applies': 'which applies to it no more',
  withdrawn: 'which was withdrawn',
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
    { label: 'Since', value: name(finding.firstSeen.slice(0, 10)) },
    fact('Ended', finding.resolution),
    fact('Ended by', describeEnd(finding)),
    fact('Controls', finding.controls.slice(0, mostControls).map(name).join(', ')),
    fact('Waiver', finding.waiver === null ? null : name(finding.waiver)),
    fact('Was waived', finding.lapse === null ? null : describeLapse(finding.lapse)),
    { label: 'Fingerprint', value: name(fingerprint), exact: true },
  ];
  return {
    severity: finding.severity,
    title: name(finding.rule),
    message: inertWords(finding.message, longest.message),
    facts: facts.filter((one) => one !== null),
  };
}

/** Renders an unknown key as one entry of a mail. */
export function unknownEntry({ source, keyId, reason, detail }: AlertUnknown): LetterEntry {
  return {
    severity: null,
    title: reason,
    message: inertWords(detail, longest.reason),
    facts: [
      { label: 'Key', value: `${name(source)} / ${inertWords(keyId, longest.id)}`, exact: true },
    ],
  };
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
  return `${name(by)}, ${name(at)}: ${inertWords(reason, longest.reason)}`;
}

function describeLapse({ waiver, reason, cause }: Lapse): string {
  return `by ${name(waiver)} (${inertWords(reason, longest.reason)}), ${causes[cause]}`;
}
