import type {
  ListedKey,
  OfKey,
  ReportFinding,
  ReportKey,
  ReportRule,
  ReportSource,
  ReportSweep,
  ReportUnknown,
  ReportViolation,
  ReportWaiver,
} from '../../src/report/model.ts';

/** A report as small as can be; a test states its difference. */
export const openedAt = new Date('2026-11-23T07:30:00.123Z');

export async function* stream<T>(rows: readonly T[]): AsyncIterable<T> {
  yield* rows;
}

export async function gather(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

export function aSweep(difference: Partial<ReportSweep> = {}): ReportSweep {
  return {
    id: '019ab0de-7c1f-7d3e-9a55-0b1c2d3e4f50',
    trigger: 'schedule',
    schedule: 'nightly',
    dueAt: openedAt,
    openedAt,
    closedAt: new Date('2026-11-23T07:31:10Z'),
    status: 'incomplete',
    scope: 'full',
    policy: { version: '2026-11', hash: `sha256:${'1f0c2ab94d3e'.repeat(5)}1f0c` },
    ...difference,
  };
}

export function aReportKey(difference: Partial<ReportKey> = {}): ReportKey {
  return {
    source: 'prod',
    keyId: 'key_abc123',
    verdict: 'pass',
    name: 'Checkout',
    type: 'secret',
    scopes: ['customers:read'],
    createdOn: new Date('2026-01-02T03:04:05Z'),
    lastUsed: null,
    lastFour: '7dc0',
    owner: 'payments',
    environment: 'production',
    ...difference,
  };
}

export function aViolation(difference: Partial<ReportViolation> = {}): ReportViolation {
  return {
    fingerprint: 'f'.repeat(64),
    rule: 'stale-45',
    type: 'stale',
    severity: 'high',
    status: 'open',
    source: 'prod',
    keyId: 'key_abc123',
    message: 'not used for 61 days; the limit is 45 days',
    facts: { idleDays: 61, allowedDays: 45 },
    controls: ['CIS AWS 4.0 1.12'],
    waiver: null,
    firstSeen: openedAt,
    keyName: 'Checkout',
    owner: 'payments',
    ...difference,
  };
}

export function aFinding(difference: Partial<ReportFinding> = {}): ReportFinding {
  const ended = { resolvedAt: null, resolution: null, acknowledgement: null };
  return { ...aViolation(), lastSeen: openedAt, ...ended, ...difference };
}

export function aListedKey(difference: Partial<ListedKey> = {}): ListedKey {
  return {
    ...aReportKey(),
    verdict: 'pass',
    observedAt: openedAt,
    approvedScopes: null,
    tags: [],
    ...difference,
  };
}

export function aRule(difference: Partial<ReportRule> = {}): ReportRule {
  return {
    id: 'stale-45',
    type: 'stale',
    severity: 'high',
    controls: ['CIS AWS 4.0 1.12'],
    ...difference,
  };
}

/** Its last day is 31 January 2027. */
export function aWaiver(difference: Partial<ReportWaiver> = {}): ReportWaiver {
  return {
    id: 'W-12',
    rule: 'stale-45',
    reason: 'seasonal job',
    requestedBy: 'ann',
    approvedBy: ['bob'],
    expires: new Date('2027-02-01T00:00:00Z'),
    ...difference,
  };
}

export function anUnknown(difference: Partial<ReportUnknown> = {}): ReportUnknown {
  return {
    source: 'prod',
    keyId: 'key_down',
    rule: null,
    reason: 'timeout',
    fields: [],
    detail: 'no whole answer in 10 s',
    ...difference,
  };
}

type Named = Pick<ReportKey, 'source' | 'keyId'>;

export interface ReportRows {
  readonly rules?: readonly ReportRule[];
  readonly waivers?: readonly ReportWaiver[];
  readonly sweep?: ReportSweep;
  readonly coverage?: ReportSource['coverage'];
  readonly verdicts?: ReportSource['verdicts'];
  readonly evidence?: ReportSource['evidence'];
  readonly keys?: readonly ReportKey[];
  readonly violations?: readonly ReportViolation[];
  readonly unknowns?: readonly ReportUnknown[];
}

export function aReport(rows: ReportRows = {}): ReportSource {
  const keys = rows.keys ?? [];
  const beside = <R extends Named>(row: R): OfKey<R> => ({
    ...row,
    key: keys.find(({ source, keyId }) => source === row.source && keyId === row.keyId),
  });
  return {
    sweep: rows.sweep ?? aSweep(),
    coverage: rows.coverage ?? { tracked: 415, audited: 412, unknown: 3, partial: 1 },
    verdicts: rows.verdicts ?? { pass: 390, fail: 20, waived: 2, unknown: 3 },
    evidence: rows.evidence ?? null,
    rules: rows.rules ?? [aRule()],
    waivers: rows.waivers ?? [],
    keys: () => stream(keys),
    violations: () => stream((rows.violations ?? []).map(beside)),
    unknowns: () => stream((rows.unknowns ?? []).map(beside)),
    broken: async () =>
      (rows.violations ?? []).map(({ rule, severity, waiver }) => ({
        ...{ rule, severity, waiver },
        keys: 1,
      })),
    lastUses: () => stream([keys.map(({ lastUsed }) => lastUsed)]),
  };
}
