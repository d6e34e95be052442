import type { Facts } from '../../evaluate/judgement.ts';
import { mapAlertedDetails } from '../../keys/detail-fields.ts';
import type { AlertFinding } from '../message.ts';

const longestText = 500;
const mostListed = 50;

/**
 * The finding with its longest parts cut. A vendor may name a key with a megabyte or give it ten
 * thousand scopes; receivers refuse such messages, and the report has it all.
 */
export function trimFinding(finding: AlertFinding): AlertFinding {
  return {
    ...finding,
    message: trimText(finding.message),
    ...mapAlertedDetails(finding, trimText),
    facts: trimFacts(finding.facts),
  };
}

function trimFacts(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (typeof value === 'number') return [name, value];
      if (typeof value === 'string') return [name, trimText(value)];
      return [name, trimList(value)];
    }),
  );
}

function trimList(texts: readonly string[]): readonly string[] {
  const kept = texts.slice(0, mostListed).map(trimText);
  if (texts.length === kept.length) return kept;
  return [...kept, `… and ${texts.length - kept.length} more`];
}

function trimText(text: string): string {
  if (text.length <= longestText) return text;
  // Half a surrogate pair at the end would not be Unicode any more.
  return `${text.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
