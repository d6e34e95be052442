import { changeArrays, type Message } from '../message.ts';
import type { ChannelFormat } from './format.ts';
import { harmlessText } from './harmless-text.ts';
import { type Incident, type IncidentWords, incidentOf } from './incident.ts';

/** PagerDuty refuses events above 512,000 bytes; the routing key comes on top of this limit. */
const mostBytes = 500_000;

const longestField = 255;
/** The limits for a detail: items of a list, fields of a record, and levels. */
const mostItems = 100;
const mostFields = 50;
const mostLevels = 6;
/** Texts are cut at the first of these lengths that makes the event small enough. */
const textCuts = [500, 100] as const;
/** This length always fits: 50 lists of 100 texts of at most 20 characters, 3 bytes each. */
const shortestCut = 20;

/**
 * An event of PagerDuty's Events API v2 without its `routing_key`, which is added when it is sent.
 * A message holds one finding, because one finding is one incident.
 */
export const pagerduty: ChannelFormat = {
  mostFindings: 1,
  keepsIncidents: true,
  render(message, at, checkpoint) {
    const incident = incidentOf(message);
    return {
      body:
        incident.action === 'resolve'
          ? renderResolve(incident)
          : renderTrigger(incident, at, checkpoint),
      fits: countFindings(message) <= 1,
    };
  },
};

type Trigger = Extract<Incident, { readonly action: 'trigger' }>;

type End = Extract<Incident, { readonly action: 'resolve' }>;

const linkText = 'The key in keysweep';

/** PagerDuty needs no payload when an incident ends, and keeps the one that says why. */
function renderResolve({ key, why }: End): string {
  const end = { event_action: 'resolve', dedup_key: key };
  if (why === undefined) return JSON.stringify(end);
  const { summary, source, details } = why;
  const custom_details = cutDetail(details, textCuts[0], mostLevels);
  const payload = { summary, source: harmlessText(source, longestField), severity: 'info' };
  return JSON.stringify({ ...end, payload: { ...payload, custom_details } });
}

function renderTrigger(incident: Trigger, at: Date, checkpoint: string | undefined): string {
  const { key, links } = incident;
  return renderFitting((longest) =>
    JSON.stringify({
      event_action: 'trigger',
      dedup_key: key,
      client: 'keysweep',
      ...(links.length === 0 ? {} : { links: links.map((href) => ({ href, text: linkText })) }),
      payload: payloadOf(incident, { at, checkpoint }, longest),
    }),
  );
}

function renderFitting(render: (longest: number) => string): string {
  for (const longest of textCuts) {
    const body = render(longest);
    if (Buffer.byteLength(body) <= mostBytes) return body;
  }
  return render(shortestCut);
}

interface Told {
  readonly at: Date;
  readonly checkpoint: string | undefined;
}

function payloadOf(words: IncidentWords, { at, checkpoint }: Told, longest: number) {
  const { summary, severity, source, component, group, kind, details } = words;
  const field = (text: string) => harmlessText(text, longestField);
  return {
    summary,
    source: field(source),
    severity,
    timestamp: at.toISOString(),
    component: component && field(component),
    group: group && field(group),
    class: kind,
    custom_details: withCheckpoint(cutDetail(details, longest, mostLevels), checkpoint),
  };
}

/** It is not cut, and comes after the details, of which the first are kept. */
function withCheckpoint(details: unknown, checkpoint: string | undefined): unknown {
  return checkpoint === undefined
    ? details
    : { ...Object(details), evidenceCheckpoint: checkpoint };
}

/** Keeps texts that people copy, such as a key id or a command, unchanged if possible. */
function cutDetail(value: unknown, longest: number, levels: number): unknown {
  if (typeof value === 'string') return harmlessText(value, longest);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  const cut = (inner: unknown) => cutDetail(inner, longest, levels - 1);
  if (Array.isArray(value)) return value.slice(0, mostItems).map(cut);
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostFields)
      .map(([name, inner]) => [harmlessText(name, 100), cut(inner)]),
  );
}

function countFindings({ type, data }: Message): number {
  if (type !== 'findings.changed') return 0;
  return changeArrays.reduce((sum, name) => sum + data[name].length, 0);
}
