import type { Severity } from '../../evaluate/policy/policy.ts';
import { incidentKey, type Notice } from '../incident-key.ts';
import {
  type AlertFinding,
  type BareFinding,
  changeArrays,
  type FindingsChanged,
  type Message,
} from '../message.ts';
import { defang } from './defang.ts';
import { describeMessage } from './describe.ts';
import { describeAcknowledgement } from './describe-line.ts';
import { harmlessText } from './harmless-text.ts';

export type IncidentSeverity = 'critical' | 'error' | 'warning' | 'info';

/** What a message reports about one incident: it is open, or it has ended. */
export type Incident =
  | { readonly action: 'resolve'; readonly key: string; readonly why: EndWords | undefined }
  | ({ readonly action: 'trigger'; readonly key: string } & IncidentWords);

/** Why somebody ended an incident. */
export interface EndWords {
  /** One line, harmless, at most 1,024 characters. */
  readonly summary: string;
  /** Untrusted and unchanged. */
  readonly source: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface IncidentWords {
  /** One line, harmless, at most 1,024 characters. */
  readonly summary: string;
  readonly severity: IncidentSeverity;
  /** These three are untrusted, unchanged texts; undefined if there is no value. */
  readonly source: string;
  readonly component: string | undefined;
  readonly group: string | undefined;
  /** The class of the incident; harmless. */
  readonly kind: string;
  /** Addresses of our own. */
  readonly links: readonly string[];
  /** Also untrusted and unchanged, of any length. */
  readonly details: Readonly<Record<string, unknown>>;
}

type Change = (typeof changeArrays)[number];
/** The other two end an incident. */
type OpenChange = Exclude<Change, 'resolved' | 'waived'>;

const longestSummary = 1_024;

const severities: Readonly<Record<Severity, IncidentSeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/** The prefix of a summary. An opening has none, because an incident is open by default. */
const prefixes: Readonly<Record<OpenChange, string>> = {
  opened: '',
  reopened: 'Reopened: ',
  lapsed: 'No longer waived: ',
  reminders: 'Still open: ',
};

/**
 * The incident of a message. A finding is one incident, from its opening to its end. Messages about
 * sweeps and channels are incidents of their own; `incidentKey` identifies them.
 */
export function incidentOf(message: Message): Incident {
  // Incident channels get no message about several findings. The fallback is a key that no incident
  // has.
  const key = incidentKey(message) ?? 'keysweep/nothing';
  if (message.type !== 'findings.changed') return ofNotice(key, message);
  const { data } = message;
  const change = changeArrays.find((name) => data[name].length > 0);
  const finding = change && data[change][0];
  if (change === undefined || finding === undefined) return end(key);
  if (change === 'resolved') return end(key, acknowledgementOf(finding));
  if (change === 'waived') return end(key, waiverOf(finding));
  return ofFinding(key, change, finding, data);
}

function ofFinding(
  key: string,
  change: OpenChange,
  { link, ...finding }: AlertFinding,
  { sweep }: FindingsChanged,
): Incident {
  return {
    action: 'trigger',
    key,
    summary: defang(prefixes[change] + summarize(finding), longestSummary),
    severity: severities[finding.severity],
    source: finding.source,
    component: finding.source,
    group: finding.environment ?? undefined,
    kind: harmlessText(finding.type, 255),
    links: link === null ? [] : [link],
    details: { change, ...finding, sweep },
  };
}

/** The key, the problem and the rule, in the order that suits a phone. */
function summarize({ source, keyId, keyName, message, rule }: BareFinding): string {
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
    links: [],
    details: { message: lines.join(' '), ...notice.data },
  };
}

function isEnd({ type, data }: Notice): boolean {
  if (type === 'sweep.incomplete') return data.coverage.unknown === 0;
  return type === 'sweep.recovered';
}

/** Silence counts as much as a finding of high severity; a test counts as `info`. */
function noticeSeverity({ type, data }: Notice): IncidentSeverity {
  if (type === 'test') return 'info';
  if (type === 'review.asked' || type === 'review.escalated') return 'warning';
  if (type === 'sweep.incomplete' && data.coverage.audited > 0) return 'warning';
  return 'error';
}

function componentOf({ type, data }: Notice): string | undefined {
  if (type === 'sweep.missed') return data.schedule;
  if (type === 'channel.failed' || type === 'test') return data.channel;
  if (type === 'review.asked' || type === 'review.escalated') return data.review.review;
  if (type === 'config.rejected' || type === 'inventory.held') return data.files[0];
  return data.sweep.schedule ?? undefined;
}

function acknowledgementOf({ source, acknowledgement }: AlertFinding): EndWords | undefined {
  if (acknowledgement === null) return undefined;
  const summary = defang(describeAcknowledgement(acknowledgement), longestSummary);
  return { summary, source, details: { acknowledgement } };
}

function waiverOf({ source, waiver }: AlertFinding): EndWords | undefined {
  if (waiver === null) return undefined;
  return { summary: defang(`waived by ${waiver}`, longestSummary), source, details: { waiver } };
}

function end(key: string, why?: EndWords): Incident {
  return { action: 'resolve', key, why };
}
