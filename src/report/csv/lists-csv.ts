import { remedies } from '../../evaluate/remedies.ts';
import { describeWaiting } from '../../evaluate/waivers/approvals.ts';
import type { ListedAlert } from '../alerts-model.ts';
import type { AuditRecord } from '../audit-model.ts';
import { type ListedKey, type ListedSweep, notAudited, type ReportFinding } from '../model.ts';
import { instantCell, listCell, markCell } from './cells.ts';
import { detailColumns } from './detail-columns.ts';
import { type Columns, writeRows } from './write-rows.ts';

const findingColumns: Columns<ReportFinding> = {
  status: ({ status }) => status,
  severity: ({ severity }) => severity,
  source: ({ source }) => source,
  key_id: ({ keyId }) => keyId,
  name: ({ keyName }) => keyName,
  owner: ({ owner }) => owner,
  rule: ({ rule }) => rule,
  rule_type: ({ type }) => type,
  message: ({ message }) => message,
  controls: ({ controls }) => listCell(controls),
  waiver: ({ waiver }) => waiver,
  first_seen_utc: ({ firstSeen }) => instantCell(firstSeen),
  last_seen_utc: ({ lastSeen }) => instantCell(lastSeen),
  resolved_at_utc: ({ resolvedAt }) => instantCell(resolvedAt),
  resolution: ({ resolution }) => resolution,
  acknowledged_by: ({ acknowledgement }) => acknowledgement?.by,
  acknowledged_at_utc: ({ acknowledgement }) => instantCell(acknowledgement?.at),
  acknowledged_reason: ({ acknowledgement }) => acknowledgement?.reason,
  fingerprint: ({ fingerprint }) => fingerprint,
  remedy: ({ type }) => remedies[type],
  first_seen_simulated: ({ firstSeenSimulated }) => markCell(firstSeenSimulated),
  acknowledged_known: ({ acknowledgement }) => acknowledgement?.known,
  acknowledged_subject: ({ acknowledgement }) => acknowledgement?.subject,
  acknowledged_mail: ({ acknowledgement }) => acknowledgement?.mail,
  acknowledged_asserted: ({ acknowledgement }) => acknowledgement?.asserted,
  waits_for: ({ waitsFor = [] }) =>
    listCell(waitsFor.map(({ waiver, approvers }) => describeWaiting(waiver, approvers))),
};

/** Renders findings as CSV, one row each, in the given order. */
export function renderFindingsCsv(findings: AsyncIterable<ReportFinding>): AsyncIterable<string> {
  return writeRows(findingColumns, findings);
}

/** The first six columns match those of the inventory, `keys.csv`. */
const keyColumns: Columns<ListedKey> = {
  source: ({ source }) => source,
  key_id: ({ keyId }) => keyId,
  owner: ({ owner }) => owner,
  environment: ({ environment }) => environment,
  approved_scopes: ({ approvedScopes }) =>
    approvedScopes?.length === 0 ? '[]' : listCell(approvedScopes),
  tags: ({ tags }) => listCell(tags),
  verdict: ({ verdict }) => verdict ?? notAudited,
  observed_at_utc: ({ observedAt }) => instantCell(observedAt),
  ...detailColumns((key) => key),
};

/** Renders the tracked keys as CSV, one row each, in the given order. */
export function renderKeysCsv(keys: AsyncIterable<ListedKey>): AsyncIterable<string> {
  return writeRows(keyColumns, keys);
}

const sweepColumns: Columns<ListedSweep> = {
  id: ({ id }) => id,
  trigger: ({ trigger }) => trigger,
  schedule: ({ schedule }) => schedule,
  due_at_utc: ({ dueAt }) => instantCell(dueAt),
  opened_at_utc: ({ openedAt }) => instantCell(openedAt),
  closed_at_utc: ({ closedAt }) => instantCell(closedAt),
  stopped_at_utc: ({ stoppedAt }) => instantCell(stoppedAt),
  status: ({ status }) => status,
  scope: ({ scope }) => scope,
  tracked: ({ tracked }) => tracked,
  pending: ({ pending }) => pending,
  audited: ({ coverage }) => coverage?.audited,
  partial: ({ coverage }) => coverage?.partial,
  pass: ({ verdicts }) => verdicts?.pass,
  fail: ({ verdicts }) => verdicts?.fail,
  waived: ({ verdicts }) => verdicts?.waived,
  unknown: ({ verdicts }) => verdicts?.unknown,
  policy_version: ({ policy }) => policy.version,
  policy_hash: ({ policy }) => policy.hash,
  simulated: ({ simulated }) => markCell(simulated),
};

/** Renders sweeps as CSV, one row each, in the given order. */
export function renderSweepsCsv(sweeps: AsyncIterable<ListedSweep>): AsyncIterable<string> {
  return writeRows(sweepColumns, sweeps);
}

const alertColumns: Columns<ListedAlert> = {
  id: ({ id }) => id,
  planned_at_utc: ({ plannedAt }) => instantCell(plannedAt),
  channel: ({ channel }) => channel,
  type: ({ type }) => type,
  part: ({ part }) => part,
  parts: ({ parts }) => parts,
  state: ({ state }) => state,
  attempts: ({ attempts }) => attempts,
  next_at_utc: ({ nextAt }) => instantCell(nextAt),
  ended_at_utc: ({ endedAt }) => instantCell(endedAt),
  findings: ({ findings }) => findings,
  sweep: ({ sweep }) => sweep,
  detail: ({ detail }) => detail,
};

/** Renders alerts as CSV, one row each, in the given order. */
export function renderAlertsCsv(alerts: AsyncIterable<ListedAlert>): AsyncIterable<string> {
  return writeRows(alertColumns, alerts);
}

const auditColumns: Columns<AuditRecord> = {
  id: ({ id }) => id,
  at_utc: ({ at }) => instantCell(at),
  who: ({ who }) => who,
  role: ({ role }) => role,
  asserted: ({ asserted }) => asserted,
  origin: ({ origin }) => origin,
  what: ({ what }) => what,
  input: ({ input }) => JSON.stringify(input),
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  ended_at_utc: ({ endedAt }) => instantCell(endedAt),
  request: ({ request }) => request,
  times: ({ times }) => times,
  known: ({ known }) => known,
  subject: ({ subject }) => subject,
  mail: ({ mail }) => mail,
};

/** Renders audit records as CSV, one row each, in the given order. */
export function renderAuditCsv(records: AsyncIterable<AuditRecord>): AsyncIterable<string> {
  return writeRows(auditColumns, records);
}
