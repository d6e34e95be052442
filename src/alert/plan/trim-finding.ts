import type { Facts } from '../../evaluate/judgement.ts';
import { mapAlertedDetails } from '../../keys/detail-fields.ts';
import type { AlertFinding } from '../message.ts';

const longestText = 500;
const mostListed = 50;
/** Of the scopes of a key; its facts list those that break the rule. */
const mostScopes = 20;

/**
 * Cuts the longest parts of a finding. A vendor may return a name of a megabyte or ten thousand
 * scopes, and receivers refuse such messages. The report has the full text.
 */
export function trimFinding(finding: AlertFinding): AlertFinding {
  const { acknowledgement } = finding;
  return {
    ...finding,
    message: trimText(finding.message),
    ...mapAlertedDetails(finding, trimText),
    facts: trimFacts(finding.facts),
    acknowledgement: acknowledgement && {
      ...acknowledgement,
      reason: trimText(acknowledgement.reason),
    },
    scopes: finding.scopes && trimList(finding.scopes, mostScopes),
  };
}

function trimFacts(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value === 'number') return [name, value];
      if (typeof value === 'string') return [name, trimText(value)];
      return [name, trimList(value, mostListed)];
    }),
  );
}

function trimList(texts: readonly string[], most: number): readonly string[] {
  const kept = texts.slice(0, most).map(trimText);
  if (texts.length === kept.length) return kept;
  return [...kept, `… and ${texts.length - kept.length} more`];
}

function trimText(text: string): string {
  if (text.length <= longestText) return text;
  // A cut inside a surrogate pair would give invalid Unicode.
  return `${text.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
