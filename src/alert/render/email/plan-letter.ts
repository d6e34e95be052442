import type { RuleType } from '../../../evaluate/policy/policy.ts';
import { coverageLine, coverageNote } from '../../../report/coverage-line.ts';
import { shortenText } from '../../../report/safe-text.ts';
import {
  changeArrays,
  type FindingsChanged,
  type Message,
  type SweepAnomaly,
} from '../../message.ts';
import { describeCoverage, describeMessage, headings } from '../describe.ts';
import { groupBySeverity } from '../group-by-severity.ts';
import { needingAction } from '../needing-action.ts';
import { findingEntry, unknownEntry } from './finding-entry.ts';
import { inertWords } from './inert-words.ts';
import type { Letter, LetterSection } from './letter.ts';
import { askedSections, escalatedSections, reviewNotes } from './review-entries.ts';

const longestSubject = 150;
const longestLine = 600;

/** Plans the mail for a message. It names at most `mostUnknowns` unknown keys. */
export function planLetter(message: Message, mostUnknowns: number): Letter {
  const { title, lines } = describeMessage(message);
  const coverage = 'coverage' in message.data ? message.data.coverage : undefined;
  const shown = (line: string) => inertWords(line, longestLine);
  const subject = shortenText(`[keysweep] ${worstOf(message)}${title}`, longestSubject - 1);
  const more = { sections: planSections(message, mostUnknowns), notes: planNotes(message) };
  if (coverage === undefined) {
    return { subject, heading: shown(title), lines: lines.map(shown), ...more };
  }
  // Coverage comes first: without it, few findings look like good news.
  const rest = lines.filter((line) => line !== describeCoverage(coverage));
  return {
    subject,
    heading: coverageLine(coverage),
    lines: [title, ...rest, ...turnedOf(message)].map(shown),
    ...more,
    notes: [...more.notes, coverageNote],
  };
}

/** “2 critical. ” for the subject: the gravest findings that need action. */
function worstOf(message: Message): string {
  if (message.type !== 'findings.changed') return '';
  const [worst] = groupBySeverity(needingAction(message.data));
  return worst === undefined ? '' : `${worst[1].length} ${worst[0]}. `;
}

function planSections(message: Message, mostUnknowns: number): readonly LetterSection[] {
  if (message.type === 'findings.changed') return changeSections(message.data);
  if (message.type === 'review.asked') return askedSections(message.data);
  if (message.type === 'review.escalated') return escalatedSections(message.data);
  if (message.type !== 'sweep.incomplete') return [];
  const { unknowns, omitted } = message.data;
  if (unknowns.length === 0) return [];
  const named = unknowns.slice(0, mostUnknowns);
  const left = unknowns.length - named.length + omitted;
  const title =
    left === 0 ? 'Unknown' : `Unknown, the first ${named.length} of ${named.length + left}`;
  return [{ title, entries: named.map(unknownEntry) }];
}

function changeSections(data: FindingsChanged): readonly LetterSection[] {
  return changeArrays
    .filter((name) => data[name].length > 0)
    .map((name) => ({
      title: `${headings[name]} (${data[name].length})`,
      entries: groupBySeverity(data[name]).flatMap(([, some]) => some.map(findingEntry)),
    }));
}

const turns: Readonly<Record<keyof SweepAnomaly['turned'], string>> = {
  pass: 'now pass',
  fail: 'now fail',
  waived: 'are now waived',
  unknown: 'are now unknown',
  missing: 'went missing',
  left: 'left the inventory',
};

function turnedOf(message: Message): readonly string[] {
  if (message.type !== 'sweep.anomaly') return [];
  const { turned } = message.data;
  const said = Object.entries(turns)
    .map(([name, words]) => ({ count: turned[name as keyof typeof turned], words }))
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => `${count} ${words}`);
  return said.length === 0 ? [] : [`Of the keys that changed, ${said.join(', ')}.`];
}

/** Findings of these rules may be events, which end when a person acknowledges them. */
const eventRules: readonly string[] = ['reawakened', 'impossible-metadata'] satisfies RuleType[];

function planNotes(message: Message): readonly string[] {
  if (message.type === 'review.asked') return reviewNotes(message.data);
  if (message.type !== 'findings.changed') return [];
  if (!needingAction(message.data).some(({ type }) => eventRules.includes(type))) return [];
  return [
    'What was found by comparing with the past stays open until somebody acknowledges it: keysweep findings acknowledge FINGERPRINT --by WHO --reason WHY',
  ];
}
