import { toDetailsJson } from '../keys/detail-fields.ts';
import { isoInstant } from '../text/iso-instant.ts';
import type { HeldSweep, ListedAlert } from './alerts-model.ts';
import type { AuditRecord } from './audit-model.ts';
import { type CheckLine, worstOf } from './doctor-model.ts';
import { inPieces } from './in-pieces.ts';
import { jsonList, jsonText } from './json-text.ts';
import type {
  ListedKey,
  ListedSweep,
  ReportFinding,
  ReportKey,
  ReportRule,
  ReportSource,
  ReportUnknown,
  ReportViolation,
  ReportWaiver,
} from './model.ts';
import type { ListedSchedule } from './schedules-model.ts';
import { markFirstSeen, markSimulated } from './simulated.ts';

/** A list of an object, and its rendered rows. */
type List = readonly [name: string, rows: AsyncIterable<string>];

/** Renders a report as one JSON object (“keysweep.report/1”), in pieces, one row per line. */
export async function* renderJson(report: ReportSource): AsyncIterable<string> {
  const { sweep, coverage, verdicts, evidence, rules, waivers } = report;
  yield* renderObject({ schema: 'keysweep.report/1', sweep, coverage, verdicts, evidence }, [
    listOf('rules', rules, ruleRow),
    listOf('waivers', waivers, waiverRow),
    listOf('keys', report.keys(), keyRow),
    listOf('violations', report.violations(), violationRow),
    listOf('unknowns', report.unknowns(), unknownRow),
  ]);
}

/** Renders findings as one JSON object (“keysweep.findings/1”), in pieces. */
export async function* renderFindingsJson(
  findings: AsyncIterable<ReportFinding>,
): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.findings/1' }, [
    listOf('findings', findings, findingRow),
  ]);
}

/** Renders the tracked keys as one JSON object (“keysweep.keys/1”), in pieces. */
export async function* renderKeysJson(keys: AsyncIterable<ListedKey>): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.keys/1' }, [listOf('keys', keys, listedKeyRow)]);
}

/** Renders alerts and held sweeps as one JSON object (“keysweep.alerts/1”), in pieces. */
export async function* renderAlertsJson(
  alerts: AsyncIterable<ListedAlert>,
  held: readonly HeldSweep[],
): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.alerts/1' }, [
    listOf('alerts', alerts, alertRow),
    listOf('held', held, heldRow),
  ]);
}

/** Renders audit records as one JSON object (“keysweep.audit-log/1”), in pieces. */
export async function* renderAuditJson(records: AsyncIterable<AuditRecord>): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.audit-log/1' }, [listOf('records', records, auditRow)]);
}

/** Renders sweeps as one JSON object (“keysweep.sweeps/1”), in pieces. */
export async function* renderSweepsJson(sweeps: AsyncIterable<ListedSweep>): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.sweeps/1' }, [listOf('sweeps', sweeps, listedSweepRow)]);
}

export function listedSweepRow(sweep: ListedSweep): object {
  const { id, trigger, schedule, dueAt, openedAt, closedAt, stoppedAt, status, scope } = sweep;
  const { policy, tracked, pending, coverage, verdicts } = sweep;
  return {
    ...{ id, trigger, schedule, dueAt, openedAt, closedAt, stoppedAt, status, scope },
    ...{ policy, tracked, pending, coverage, verdicts },
    ...markSimulated(sweep.simulated === true),
  };
}

/** Renders the next instants of schedules as one JSON object (“keysweep.schedules/1”), in pieces. */
export async function* renderSchedulesJson(
  schedules: readonly ListedSchedule[],
): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.schedules/1' }, [
    listOf('schedules', schedules, scheduleRow),
  ]);
}

/** Renders what `keysweep doctor` found as one JSON object (“keysweep.doctor/1”), in pieces. */
export async function* renderDoctorJson(lines: readonly CheckLine[]): AsyncIterable<string> {
  const rows = lines.map(({ group, check, status, seen, mend }) => ({
    ...{ group, check, status, seen, mend },
  }));
  yield* renderObject({ schema: 'keysweep.doctor/1', status: worstOf(lines) }, [
    listOf('checks', rows, (row) => row),
  ]);
}

function scheduleRow({ id, cron, timezone, next }: ListedSchedule): object {
  const rows = next.map(({ at, local, change, named }) => ({ at, local, change, named }));
  return { id, cron, timezone, next: rows };
}

export function auditRow(record: AuditRecord): object {
  const { id, at, who, role, asserted, known, subject, mail, what, input, origin } = record;
  const { outcome, reason, endedAt, request, times } = record;
  return {
    ...{ id, at, who, role, asserted, known, subject, mail, what, input, origin },
    ...{ outcome, reason, endedAt, request, times },
  };
}

export function alertRow(alert: ListedAlert): object {
  const { id, plannedAt, channel, type, part, parts, state, attempts } = alert;
  const { nextAt, sending, endedAt, sweep, findings, detail } = alert;
  return {
    ...{ id, plannedAt, channel, type, part, parts, state, attempts },
    ...{ nextAt, sending, endedAt, sweep, findings, detail },
  };
}

function heldRow({ sweep, openedAt, held, cause, detail }: HeldSweep): object {
  return { sweep, openedAt, held, cause, detail };
}

function ruleRow({ id, type, severity, controls }: ReportRule): object {
  return { id, type, severity, controls };
}

function waiverRow(waiver: ReportWaiver): object {
  const { id, rule, reason, requestedBy, approvedBy, expires } = waiver;
  return { id, rule, reason, requestedBy, approvedBy, expires };
}

function keyRow(key: ReportKey): object {
  const { source, keyId, verdict, owner, environment } = key;
  return { source, keyId, verdict, ...toDetailsJson(key), owner, environment };
}

export function listedKeyRow(key: ListedKey): object {
  const { source, keyId, owner, environment, approvedScopes, tags, verdict, observedAt } = key;
  return {
    ...{ source, keyId, owner, environment, approvedScopes, tags, verdict, observedAt },
    ...toDetailsJson(key),
  };
}

function violationRow(violation: ReportViolation | ReportFinding): object {
  const { fingerprint, rule, type, severity, status, source, keyId } = violation;
  const { message, facts, controls, waiver, firstSeen } = violation;
  return {
    ...{ fingerprint, rule, type, severity, status, source, keyId },
    ...{ message, facts, controls, waiver, firstSeen: isoInstant(firstSeen) },
    ...markFirstSeen(violation.firstSeenSimulated === true),
  };
}

export function findingRow(finding: ReportFinding): object {
  const { lastSeen, resolvedAt, resolution, acknowledgement, keyName, owner, waitsFor } = finding;
  return {
    ...violationRow(finding),
    ...{ lastSeen, resolvedAt, resolution, acknowledgement, keyName, owner },
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

function unknownRow({ source, keyId, rule, reason, fields, detail }: ReportUnknown): object {
  return { source, keyId, rule, reason, fields, detail };
}

function listOf<T extends object>(
  name: string,
  values: AsyncIterable<T> | readonly T[],
  toRow: (value: T) => object,
): List {
  return [name, jsonList(values, '  ', toRow)];
}

function renderObject(head: object, lists: readonly List[]): AsyncIterable<string> {
  return inPieces(renderParts(head, lists));
}

async function* renderParts(head: object, lists: readonly List[]): AsyncIterable<string> {
  yield '{';
  let comma = '\n';
  for (const [name, value] of Object.entries(head)) {
    yield `${comma}  ${jsonText(name)}: ${jsonText(value, 2).replaceAll('\n', '\n  ')}`;
    comma = ',\n';
  }
  for (const [name, rows] of lists) {
    yield `${comma}  ${jsonText(name)}: `;
    yield* rows;
  }
  yield '\n}\n';
}
