import type {
  ListedKey,
  ReportFinding,
  ReportKey,
  ReportSource,
  ReportUnknown,
  ReportViolation,
} from './model.ts';

type Rows = readonly [name: string, rows: AsyncIterable<object>];

/** A report as one JSON object (“keysweep.report/1”), in pieces: a row a line. */
export async function* renderJson(report: ReportSource): AsyncIterable<string> {
  const { sweep, coverage, verdicts } = report;
  yield* renderObject({ schema: 'keysweep.report/1', sweep, coverage, verdicts }, [
    ['keys', mapRows(report.keys(), keyRow)],
    ['violations', mapRows(report.violations(), violationRow)],
    ['unknowns', mapRows(report.unknowns(), unknownRow)],
  ]);
}

/** Findings as one JSON object (“keysweep.findings/1”), in pieces. */
export async function* renderFindingsJson(
  findings: AsyncIterable<ReportFinding>,
): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.findings/1' }, [
    ['findings', mapRows(findings, findingRow)],
  ]);
}

/** The tracked keys as one JSON object (“keysweep.keys/1”), in pieces. */
export async function* renderKeysJson(keys: AsyncIterable<ListedKey>): AsyncIterable<string> {
  yield* renderObject({ schema: 'keysweep.keys/1' }, [['keys', mapRows(keys, listedKeyRow)]]);
}

function keyRow(key: ReportKey): object {
  const { source, keyId, verdict, name, type, scopes } = key;
  const { createdOn, lastUsed, lastFour, owner, environment } = key;
  return {
    ...{ source, keyId, verdict, name, type, scopes },
    ...{ createdOn, lastUsed, lastFour, owner, environment },
  };
}

function listedKeyRow(key: ListedKey): object {
  const { source, keyId, owner, environment, approvedScopes, tags, verdict, observedAt } = key;
  const { name, type, scopes, createdOn, lastUsed, lastFour } = key;
  return {
    ...{ source, keyId, owner, environment, approvedScopes, tags, verdict, observedAt },
    ...{ name, type, scopes, createdOn, lastUsed, lastFour },
  };
}

function violationRow(violation: Omit<ReportViolation, 'status'> & { status: string }): object {
  const { fingerprint, rule, type, severity, status, source, keyId } = violation;
  const { message, facts, controls, waiver, firstSeen } = violation;
  return {
    ...{ fingerprint, rule, type, severity, status, source, keyId },
    ...{ message, facts, controls, waiver, firstSeen },
  };
}

function findingRow(finding: ReportFinding): object {
  const { lastSeen, resolvedAt, resolution, keyName, owner } = finding;
  return { ...violationRow(finding), lastSeen, resolvedAt, resolution, keyName, owner };
}

function unknownRow({ source, keyId, rule, reason, detail }: ReportUnknown): object {
  return { source, keyId, rule, reason, detail };
}

async function* mapRows<T>(rows: AsyncIterable<T>, map: (row: T) => object): AsyncIterable<object> {
  for await (const row of rows) yield map(row);
}

/** Pieces are gathered to about this many characters: one write a row would be slow. */
const pieceSize = 16_384;

async function* renderObject(head: object, lists: readonly Rows[]): AsyncIterable<string> {
  let piece = '{';
  let comma = '\n';
  for (const [name, value] of Object.entries(head)) {
    piece += `${comma}  ${JSON.stringify(name)}: ${json(value, 2).replaceAll('\n', '\n  ')}`;
    comma = ',\n';
  }
  for (const [name, rows] of lists) {
    piece += `${comma}  ${JSON.stringify(name)}: [`;
    let between = '\n    ';
    let close = ']';
    for await (const row of rows) {
      piece += between + json(row);
      between = ',\n    ';
      close = '\n  ]';
      if (piece.length >= pieceSize) {
        yield piece;
        piece = '';
      }
    }
    piece += close;
  }
  yield `${piece}\n}\n`;
}

/**
 * What a terminal would obey or hide and JSON lets stand: DEL and the C1 controls, marks of
 * direction, invisible and format characters. They occur in texts only, so an escape means the
 * same. Everything below U+0020 is escaped by JSON itself.
 */
const unsafe = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

function json(value: unknown, spaces?: number): string {
  return JSON.stringify(value, null, spaces).replace(unsafe, escapeUnits);
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
