import type { Severity } from '../../evaluate/policy/policy.ts';
import { incidentKey, type Notice } from '../incident-key.ts';
import { type AlertFinding, changeArrays, type FindingsChanged, type Message } from '../message.ts';
import { defang } from './defang.ts';
import { describeMessage } from './describe.ts';
import { harmlessText } from './harmless-text.ts';

export type IncidentSeverity = 'critical' | 'error' | 'warning' | 'info';

/** What a message says of one incident: that it is there, or that it is over. */
export type Incident =
  | { readonly action: 'resolve'; readonly key: string }
  | ({ readonly action: 'trigger'; readonly key: string } & IncidentWords);

export interface IncidentWords {
  /** One line, harmless, at most 1,024 characters. */
  readonly summary: string;
  readonly severity: IncidentSeverity;
  /** These three are strangers' words as they came; undefined where there is nothing to say. */
  readonly source: string;
  readonly component: string | undefined;
  readonly group: string | undefined;
  /** Of what class it is, harmless. */
  readonly kind: string;
  /** As they came too, of any length. */
  readonly details: Readonly<Record<string, unknown>>;
}

type Change = (typeof changeArrays)[number];

const longestSummary = 1_024;

const severities: Readonly<Record<Severity, IncidentSeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/** What a summary begins with. An opening says nothing: it is what is expected of an incident. */
const prefixes: Readonly<Record<Exclude<Change, 'resolved'>, string>> = {
  opened: '',
  reopened: 'Reopened: ',
  lapsed: 'No longer waived: ',
  reminders: 'Still open: ',
};

/**
 * The incident that a message is about. A finding is one incident, from its opening to its end.
 * Messages about sweeps and channels are incidents of their own; `incidentKey` says which.
 */
export function incidentOf(message: Message): Incident {
  // A message of no finding, or of several, is planned for no incident channel. Its end does nothing.
  const key = incidentKey(message) ?? 'keysweep/nothing';
  if (message.type !== 'findings.changed') return ofNotice(key, message);
  const { data } = message;
  const change = changeArrays.find((name) => data[name].length > 0);
  const finding = change && data[change][0];
  if (change === undefined || finding === undefined || change === 'resolved') return end(key);
  return ofFinding(key, change, finding, data);
}

function ofFinding(
  key: string,
  change: Exclude<Change, 'resolved'>,
  finding: AlertFinding,
  { sweep }: FindingsChanged,
): Incident {
  return {
    action: 'trigger',
    key,
    summary: defang(prefixes[change] + summarize(finding), longestSummary),
    severity: severities[finding.severity],
    source: finding.source,
    component: finding.keyId,
    group: finding.environment ?? undefined,
    kind: harmlessText(finding.type, 255),
    details: { change, ...finding, sweep },
  };
}

/** Which key, what is wrong, by which rule: in the order in which a phone shows it. */
function summarize({ source, keyId, keyName, message, rule }: AlertFinding): string {
  const name = keyName === null || keyName === '' ? '' : ` (${defang(keyName, 100)})`;
  return `${defang(`${source}/${keyId}`, 300)}${name}: ${defang(message, 400)} [${defang(rule, 100)}]`;
}

function ofNotice(key: string, notice: Notice): Incident {
  if (isEnd(notice)) return end(key);
  const { title, lines } = describeMessage(notice);
  return {
    action: 'trigger',
    key,
    summary: harmlessText(`keysweep: ${title}`, longestSummary),
    severity: noticeSeverity(notice),
    source: 'keysweep',
    component: componentOf(notice),
    group: undefined,
    kind: notice.type,
    details: { message: lines.join(' '), ...notice.data },
  };
}

function isEnd({ type, data }: Notice): boolean {
  if (type === 'sweep.incomplete') return data.coverage.unknown === 0;
  return type === 'sweep.recovered';
}

/** Silence counts as much as a finding of high severity; a test as nothing. */
function noticeSeverity({ type, data }: Notice): IncidentSeverity {
  if (type === 'test') return 'info';
  if (type === 'sweep.incomplete' && data.coverage.audited > 0) return 'warning';
  return 'error';
}

function componentOf({ type, data }: Notice): string | undefined {
  if (type === 'sweep.missed') return data.schedule;
  if (type === 'channel.failed' || type === 'test') return data.channel;
  return data.sweep.schedule ?? undefined;
}

function end(key: string): Incident {
  return { action: 'resolve', key };
}
