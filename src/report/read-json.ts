import { type DetailsJson, type KeyDetails, readDetailsJson } from '../keys/detail-fields.ts';
import type {
  BrokenCount,
  ReportKey,
  ReportRule,
  ReportSource,
  ReportSweep,
  ReportUnknown,
  ReportViolation,
  ReportWaiver,
} from './model.ts';

type Instants<T, Names extends keyof T> = Omit<T, Names> & { readonly [N in Names]: string | null };

/** A report as `renderJson` writes it, parsed. */
export interface ReportJson {
  readonly sweep: Instants<ReportSweep, 'dueAt' | 'openedAt' | 'closedAt'>;
  readonly coverage: ReportSource['coverage'];
  readonly verdicts: ReportSource['verdicts'];
  /** What an older program wrote may lack these three. */
  readonly evidence?: ReportSource['evidence'];
  readonly rules?: readonly ReportRule[];
  readonly waivers?: readonly (Omit<ReportWaiver, 'expires'> & { readonly expires: string })[];
  readonly keys: readonly KeyJson[];
  readonly violations: readonly (Omit<ReportViolation, 'firstSeen' | 'keyName' | 'owner'> & {
    readonly firstSeen: string;
  })[];
  readonly unknowns: readonly ReportUnknown[];
}

type Named = Pick<ReportKey, 'source' | 'keyId'>;
type KeyJson = Omit<ReportKey, keyof KeyDetails> & DetailsJson;

/** Turns a parsed JSON report back into the report that it was rendered from. */
export function readReportJson(report: ReportJson): ReportSource {
  const { sweep, coverage, verdicts, evidence = null, rules = [], waivers = [] } = report;
  const keys = new Map(report.keys.map((key) => [JSON.stringify([key.source, key.keyId]), key]));
  const keyOf = ({ source, keyId }: Named) => {
    const key = keys.get(JSON.stringify([source, keyId]));
    return key === undefined ? undefined : readKey(key);
  };
  return {
    sweep: {
      ...sweep,
      dueAt: readInstant(sweep.dueAt),
      openedAt: new Date(sweep.openedAt ?? 0),
      closedAt: readInstant(sweep.closedAt),
    },
    coverage,
    verdicts,
    evidence,
    rules,
    waivers: waivers.map((waiver) => ({ ...waiver, expires: new Date(waiver.expires) })),
    keys: () => each(report.keys, readKey),
    violations: () =>
      each(report.violations, (violation) => {
        const key = keyOf(violation);
        const about = { key, keyName: key?.name, owner: key?.owner ?? null };
        return { ...violation, ...about, firstSeen: new Date(violation.firstSeen) };
      }),
    unknowns: () => each(report.unknowns, (unknown) => ({ ...unknown, key: keyOf(unknown) })),
    broken: async () => countBroken(report.violations),
    lastUses: () => each([report.keys], (some) => some.map((key) => readKey(key).lastUsed)),
  };
}

function readKey(key: KeyJson): ReportKey {
  return { ...key, ...readDetailsJson(key) };
}

function countBroken(violations: ReportJson['violations']): readonly BrokenCount[] {
  const counts = new Map<string, BrokenCount>();
  for (const { rule, severity, waiver } of violations) {
    const name = JSON.stringify([rule, waiver]);
    const keys = (counts.get(name)?.keys ?? 0) + 1;
    counts.set(name, { rule, severity, waiver, keys });
  }
  return [...counts.values()];
}

function readInstant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

async function* each<A, B>(rows: readonly A[], map: (row: A) => B): AsyncIterable<B> {
  for (const row of rows) yield map(row);
}
