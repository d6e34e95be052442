import { remedies } from '../../evaluate/remedies.ts';
import { coverageLine, notesOf } from '../coverage-line.ts';
import type { EvidenceOfSweep } from '../evidence-of-sweep.ts';
import { lastDay } from '../last-day.ts';
import type {
  ReportKey,
  ReportSource,
  ReportUnknown,
  ReportViolation,
  ReportWaiver,
} from '../model.ts';
import { daysCell, instantCell, listCell, markCell } from './cells.ts';
import { detailColumns } from './detail-columns.ts';
import { type Columns, writeRows } from './write-rows.ts';

/** A row: its kind, and the data that is known about it. */
interface Row {
  readonly about: 'sweep' | 'rule' | 'waiver' | 'key';
  readonly report: ReportSource;
  readonly verdict?: string;
  readonly message?: string;
  readonly violation?: ReportViolation;
  readonly unknown?: ReportUnknown;
  readonly waiver?: ReportWaiver | undefined;
  readonly key?: ReportKey | undefined;
}

/** Used as the rule if the whole key could not be read. */
const everyRule = '*';

// The name comes earlier in the row, and the last four details come after the days.
const { name: _, last_four: lastFour, ...details } = detailColumns(({ key }: Row) => key);

const columns: Columns<Row> = {
  about: ({ about }) => about,
  verdict: ({ verdict }) => verdict,
  severity: ({ violation }) => violation?.severity,
  source: ({ violation, unknown, key }) => (violation ?? unknown ?? key)?.source,
  key_id: ({ violation, unknown, key }) => (violation ?? unknown ?? key)?.keyId,
  name: ({ key, violation }) => key?.name ?? violation?.keyName,
  owner: ({ key, violation }) => key?.owner ?? violation?.owner,
  environment: ({ key }) => key?.environment,
  rule: ({ violation, unknown, waiver }) =>
    unknown === undefined ? (violation ?? waiver)?.rule : (unknown.rule ?? everyRule),
  rule_type: ({ violation }) => violation?.type,
  message: ({ message, violation, unknown }) => message ?? violation?.message ?? unknown?.detail,
  reason: ({ unknown }) => unknown?.reason,
  controls: ({ violation }) => listCell(violation?.controls),
  first_seen_utc: ({ violation }) => instantCell(violation?.firstSeen),
  waiver: ({ violation, waiver }) => violation?.waiver ?? waiver?.id,
  waiver_reason: ({ waiver }) => waiver?.reason,
  waiver_requested_by: ({ waiver }) => waiver?.requestedBy,
  waiver_approved_by: ({ waiver }) => listCell(waiver?.approvedBy),
  waiver_last_day: ({ waiver }) => waiver && lastDay(waiver),
  ...details,
  age_days: ({ key, report }) => daysCell(key?.createdOn, report.sweep.openedAt),
  idle_days: ({ key, report }) => daysCell(key?.lastUsed, report.sweep.openedAt),
  last_four: lastFour,
  fingerprint: ({ violation }) => violation?.fingerprint,
  sweep_id: ({ report }) => report.sweep.id,
  swept_at_utc: ({ report }) => instantCell(report.sweep.openedAt),
  policy_version: ({ report }) => report.sweep.policy.version,
  policy_hash: ({ report }) => report.sweep.policy.hash,
  remedy: ({ violation }) => violation && remedies[violation.type],
  simulated: ({ report }) => markCell(report.sweep.simulated),
  first_seen_simulated: ({ violation }) => markCell(violation?.firstSeenSimulated),
  evidence_leaf: ({ about, report }) => (about === 'sweep' ? report.evidence?.leaf : undefined),
  evidence_checkpoint: ({ about, report }) =>
    about === 'sweep' && report.evidence !== null ? onOneLine(report.evidence) : undefined,
};

/** The name of the log, its size and its root: the cells of this file hold no line feeds. */
function onOneLine({ checkpoint }: EvidenceOfSweep): string | undefined {
  return checkpoint?.split('\n').slice(0, 3).join(' ');
}

/**
 * Renders a report as CSV, in pieces: one row for the sweep, one per key and rule that did not
 * pass, one per waiver, and one per tracked key, so that keys can be counted by verdict.
 */
export function renderCsv(report: ReportSource): AsyncIterable<string> {
  return writeRows(columns, rowsOf(report));
}

async function* rowsOf(report: ReportSource): AsyncIterable<Row> {
  const message = `${coverageLine(report.coverage)}. ${notesOf(report.sweep).join(' ')}`;
  yield { about: 'sweep', report, verdict: report.sweep.status, message };

  const waivers = new Map(report.waivers.map((waiver) => [waiver.id, waiver]));
  for await (const violation of report.violations()) {
    const waiver = violation.waiver === null ? undefined : waivers.get(violation.waiver);
    const verdict = violation.status === 'open' ? 'fail' : 'waived';
    yield { about: 'rule', report, verdict, violation, key: violation.key, waiver };
  }
  for await (const unknown of report.unknowns()) {
    yield { about: 'rule', report, verdict: 'unknown', unknown, key: unknown.key };
  }
  for (const waiver of report.waivers) yield { about: 'waiver', report, waiver };
  for await (const key of report.keys()) yield { about: 'key', report, verdict: key.verdict, key };
}
