import { createHash } from 'node:crypto';
import type { Severity } from '../../evaluate/policy.ts';
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

type Notice = Exclude<Message, { readonly type: 'findings.changed' }>;
type Change = (typeof changeArrays)[number];

const longestSummary = 1_024;
const longestKey = 255;

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
 * Messages about sweeps and channels are incidents of their own; each says which in `noticeKey`.
 */
export function incidentOf(message: Message): Incident {
  if (message.type !== 'findings.changed') return ofNotice(message);
  const { data } = message;
  const change = changeArrays.find((name) => data[name].length > 0);
  const finding = change && data[change][0];
  // Nobody plans a message without findings. An end of nothing does nothing.
  if (change === undefined || finding === undefined) return end(keyOf('nothing'));
  if (change === 'resolved') return end(finding.fingerprint);
  return ofFinding(change, finding, data);
}

function ofFinding(
  change: Exclude<Change, 'resolved'>,
  finding: AlertFinding,
  { sweep }: FindingsChanged,
): Incident {
  return {
    action: 'trigger',
    key: finding.fingerprint,
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

function ofNotice(notice: Notice): Incident {
  const key = noticeKey(notice);
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

/**
 * By what an incident is known, so that what ends it finds what opened it:
 * - unknown keys are one incident, for their set is compared over all full sweeps of any schedule;
 * - missed ticks are one a schedule and last tick: each says another gap, and nothing ends it but
 *   a person, who has to know that nobody looked;
 * - an anomaly is one a sweep that was held, which what ends it names;
 * - a channel that fails is one however much it loses;
 * - a test is one a channel, which ends it itself.
 */
function noticeKey({ type, data }: Notice): string {
  switch (type) {
    case 'sweep.incomplete':
      return keyOf('incomplete');
    case 'sweep.missed':
      return keyOf('missed', data.schedule, data.lastDueAt);
    case 'sweep.anomaly':
      return keyOf('anomaly', data.sweep.id);
    case 'sweep.recovered':
      return keyOf('anomaly', data.anomaly);
    case 'channel.failed':
      return keyOf('channel-failed', data.channel);
    case 'test':
      return keyOf('test', data.channel);
    default:
      return type satisfies never;
  }
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

function keyOf(...names: readonly string[]): string {
  const key = ['keysweep', ...names].join('/');
  if (key.length <= longestKey) return key;
  return `keysweep/sha256/${createHash('sha256').update(key).digest('hex')}`;
}

function end(key: string): Incident {
  return { action: 'resolve', key };
}
