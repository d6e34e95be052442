import type { Severity } from '../../evaluate/policy/policy.ts';
import {
  type AlertUnknown,
  changeArrays,
  type FindingsChanged,
  type Message,
  type SweepIncomplete,
} from '../message.ts';
import type { ReviewEscalated } from '../review-message.ts';
import { describeMessage, headings } from './describe.ts';
import {
  type DigestLine,
  describeFinding,
  describeRemedy,
  describeUnknownKey,
  whereDetailsAre,
} from './describe-line.ts';
import { groupBySeverity } from './group-by-severity.ts';
import { harmlessText } from './harmless-text.ts';
import { needingAction } from './needing-action.ts';

/** Lines of one severity or one reason. */
export interface DigestGroup {
  /** Null if the heading of the section says all. */
  readonly label: string | null;
  readonly tone: Severity | 'good' | 'none';
  readonly lines: readonly DigestLine[];
}

export interface DigestSection {
  /** Contains only our own words and numbers. */
  readonly heading: string;
  readonly groups: readonly DigestGroup[];
}

/** A message laid out for a chat. All text in it is inert. */
export interface Digest {
  readonly title: string;
  /** The title and the highest severity, which is all that a notification shows. */
  readonly summary: string;
  readonly lines: readonly string[];
  readonly sections: readonly DigestSection[];
}

const longestTitle = 150;
const longestLine = 400;

/** How much a digest says, so that it fits. */
export interface DigestTerms {
  /** How many unknown keys to list; the others are counted. */
  readonly mostUnknowns: number;
  /** Whether each open finding has lines of its own about what is at stake and what to run. */
  readonly detailed: boolean;
}

export function digestOf(message: Message, terms: DigestTerms): Digest {
  const { title, lines } = describeMessage(message);
  const short = harmlessText(title, longestTitle);
  return {
    title: short,
    summary: message.type === 'findings.changed' ? short + worstOf(message.data) : short,
    lines: lines.map((line) => harmlessText(line, longestLine)),
    sections: sectionsOf(message, terms),
  };
}

function sectionsOf(
  message: Message,
  { mostUnknowns, detailed }: DigestTerms,
): readonly DigestSection[] {
  if (message.type === 'findings.changed') {
    return [...changesOf(message.data, detailed), ...adviceOf(message.data, detailed)];
  }
  if (message.type === 'sweep.incomplete') return unknownsOf(message.data, mostUnknowns);
  if (message.type === 'review.escalated') return pageOf(message.data);
  return [];
}

/** Each section lists the gravest findings first, and otherwise keeps their order. */
function changesOf(data: FindingsChanged, detailed: boolean): readonly DigestSection[] {
  return changeArrays
    .filter((name) => data[name].length > 0)
    .map((name) => ({
      heading: `${headings[name]} (${data[name].length})`,
      groups: groupBySeverity(data[name]).map(([severity, findings]) => ({
        label: `${severity[0]?.toUpperCase()}${severity.slice(1)}`,
        tone: name === 'resolved' || name === 'waived' ? ('good' as const) : severity,
        lines: findings.map((finding) => describeFinding(name, finding, detailed)),
      })),
    }));
}

/** The remedies of all open findings, once per rule: a message is short. */
function adviceOf(data: FindingsChanged, detailed: boolean): readonly DigestSection[] {
  const byRule = new Map(needingAction(data).map(({ rule, remedy }) => [rule, remedy]));
  const lines = [...byRule].flatMap(([rule, remedy]) =>
    remedy === null ? [] : [describeRemedy(rule, remedy)],
  );
  const more = detailed ? [] : [whereDetailsAre];
  return lines.length === 0
    ? []
    : [
        {
          heading: 'What to do',
          groups: [{ label: null, tone: 'none', lines: [...lines, ...more] }],
        },
      ];
}

function pageOf({ review: { review, page } }: ReviewEscalated): readonly DigestSection[] {
  if (page === null) return [];
  const line = { key: `Review ${review}:`, says: 'see its page', more: [], link: page };
  return [{ heading: 'What to do', groups: [{ label: null, tone: 'none', lines: [line] }] }];
}

function unknownsOf({ unknowns, omitted }: SweepIncomplete, most: number) {
  if (unknowns.length === 0) return [];
  const listed = unknowns.slice(0, most);
  const left = omitted + unknowns.length - listed.length;
  const byReason = new Map<string, AlertUnknown[]>();
  for (const one of listed) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  const groups = [...byReason].map(([reason, some]) => ({
    label: reason,
    tone: 'none' as const,
    lines: some.map(describeUnknownKey),
  }));
  const more = left > 0 ? `, ${listed.length} listed` : '';
  return [{ heading: `Unknown keys (${unknowns.length + omitted}${more})`, groups }];
}

function worstOf(data: FindingsChanged): string {
  const worst = groupBySeverity(needingAction(data))[0]?.[0];
  return worst === undefined ? '' : `; worst: ${worst}`;
}
