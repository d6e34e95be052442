import { isComplete } from '../../keys/coverage.ts';
import { coverageLine, notesOf } from '../coverage-line.ts';
import { inPieces } from '../in-pieces.ts';
import { jsonList, jsonText } from '../json-text.ts';
import type { ReportSource, ReportUnknown } from '../model.ts';
import { sarifLocation } from './sarif-location.ts';
import { createSarifResult } from './sarif-result.ts';
import { sarifRule } from './sarif-rule.ts';
import { sarifText } from './sarif-text.ts';

/** `version`: the version of this program. `artifact`: see `ResultContext`. */
export interface SarifOptions {
  readonly version: string;
  readonly artifact: string;
}

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Renders a report as SARIF 2.1.0 with one run, in pieces. */
export function renderSarif(report: ReportSource, options: SarifOptions): AsyncIterable<string> {
  return inPieces(renderParts(report, options));
}

async function* renderParts(
  report: ReportSource,
  { version, artifact }: SarifOptions,
): AsyncIterable<string> {
  const { rules } = report;
  const waivers = new Map(report.waivers.map((waiver) => [waiver.id, waiver]));
  const driver = { name: 'keysweep', semanticVersion: version, rules: rules.map(sarifRule) };
  yield `{
  "$schema": ${jsonText(schema)},
  "version": "2.1.0",
  "runs": [{
    "tool": ${jsonText({ driver })},
    "automationDetails": ${jsonText({ id: `keysweep/${report.sweep.id}` })},
    "columnKind": "utf16CodeUnits",
    "properties": ${jsonText(propertiesOf(report))},
    "invocations": [{
      ${invocationMembers(report)},
      "toolExecutionNotifications": `;
  yield* jsonList(each(report.unknowns(), notificationOf(report, artifact)), '      ');
  yield '\n    }],\n    "results": ';
  const resultOf = createSarifResult({ artifact, rules, waivers });
  yield* jsonList(each(report.violations(), resultOf), '    ');
  yield '\n  }]\n}\n';
}

function propertiesOf(report: ReportSource): object {
  const { sweep, coverage, verdicts, evidence, waivers } = report;
  const words = `${coverageLine(coverage)}. ${notesOf(sweep).join(' ')}`;
  return {
    coverageLine: words,
    coverage,
    verdicts,
    sweep,
    evidence,
    waivers: waivers.map(waiverRow),
  };
}

function waiverRow(waiver: ReportSource['waivers'][number]): object {
  const { id, rule, reason, requestedBy, approvedBy, expires } = waiver;
  return { id, rule, reason, requestedBy, approvedBy, expires };
}

/** A sweep that left anything unjudged did not succeed, even if it found no violations. */
function invocationMembers({ sweep, coverage }: ReportSource): string {
  const { openedAt, closedAt } = sweep;
  const members = {
    executionSuccessful: isComplete(coverage),
    startTimeUtc: openedAt,
    ...(closedAt === null ? {} : { endTimeUtc: closedAt }),
  };
  return jsonText(members).slice(1, -1);
}

/** A notification about an unjudged key or rule. A whole unjudged key is an error. */
function notificationOf({ rules }: ReportSource, artifact: string) {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const referTo = (id: string) => {
    const index = indexes.get(id);
    return { associatedRule: index === undefined ? { id } : { id, index } };
  };
  return (unknown: ReportUnknown): object => {
    const { keyId, rule, reason, detail } = unknown;
    const what = rule === null ? 'could not be audited' : `could not be judged by ${rule}`;
    return {
      level: rule === null ? 'error' : 'warning',
      descriptor: { id: reason },
      ...(rule === null ? {} : referTo(rule)),
      message: { text: `Key ${sarifText(keyId)} ${what}: ${reason}, ${sarifText(detail)}` },
      locations: [sarifLocation(artifact, unknown)],
    };
  };
}

async function* each<T>(rows: AsyncIterable<T>, map: (row: T) => object): AsyncIterable<object> {
  for await (const row of rows) yield map(row);
}
