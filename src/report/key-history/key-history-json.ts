import {
  type DetailsJson,
  detailFields,
  pickDetails,
  readDetailsJson,
} from '../../keys/detail-fields.ts';
import { inPieces } from '../in-pieces.ts';
import { findingRow, listedKeyRow } from '../json.ts';
import { jsonList, jsonText } from '../json-text.ts';
import type { ReportFinding } from '../model.ts';
import type { KeyChange, KeyHistory, KeyMoment, KnownKey } from './key-history-model.ts';

/** The key, its findings and a page of its history, as one JSON object, one row a line. */
export function renderKeyHistory({
  key,
  findings,
  items,
  next,
}: KeyHistory): AsyncIterable<string> {
  const parts = async function* () {
    yield `{\n  "key": ${jsonText(knownKeyRow(key))},\n  "findings": `;
    yield* jsonList(findings.map(findingRow), '  ');
    yield ',\n  "items": ';
    yield* jsonList(items.map(momentRow), '  ');
    yield `,\n  "next": ${jsonText(next)}\n}\n`;
  };
  return inPieces(parts());
}

function knownKeyRow(key: KnownKey): object {
  const { trackedAt, untrackedAt } = key;
  return { ...listedKeyRow(key), trackedAt, untrackedAt };
}

function momentRow(moment: KeyMoment): object {
  const { sweep, verdict, observedAt, missing, owner, environment, approvedScopes, tags } = moment;
  const { violations, unknowns, events, changes } = moment;
  return {
    ...{ sweep, verdict, observedAt, missing, ...pickDetails(moment) },
    ...{ owner, environment, approvedScopes, tags, violations, unknowns, events, changes },
  };
}

/** Reads back what `renderKeyHistory` wrote. `readFinding` reads a finding. */
export function readKeyHistoryJson(
  json: unknown,
  readFinding: (finding: unknown) => ReportFinding,
): KeyHistory {
  const { key, findings, items, next } = json as KeyHistory;
  return {
    key: readKnownKey(key),
    findings: findings.map(readFinding),
    items: items.map(readMoment),
    next,
  };
}

function readKnownKey(key: KnownKey): KnownKey {
  return {
    ...key,
    ...readDetailsJson(key as unknown as DetailsJson),
    observedAt: toDate(key.observedAt),
    trackedAt: toDate(key.trackedAt),
    untrackedAt: toDate(key.untrackedAt),
  };
}

function readMoment(moment: KeyMoment): KeyMoment {
  const { sweep, events, changes } = moment;
  const { openedAt, closedAt } = sweep;
  return {
    ...moment,
    ...readDetailsJson(moment as unknown as DetailsJson),
    observedAt: toDate(moment.observedAt),
    sweep: { ...sweep, openedAt: new Date(openedAt), closedAt: toDate(closedAt) },
    events: events.map((event) => ({ ...event, at: new Date(event.at) })),
    changes: changes.map(readChange),
  };
}

const instants: readonly string[] = detailFields.flatMap(({ name, kind }) =>
  kind === 'instant' || kind === 'last-use' ? name : [],
);

function readChange({ field, before, after }: KeyChange): KeyChange {
  const read = (value: KeyChange['before']) =>
    instants.includes(field) && typeof value === 'string' ? new Date(value) : value;
  return { field, before: read(before), after: read(after) };
}

function toDate(text: Date | string | null): Date | null {
  return text === null ? null : new Date(text);
}
