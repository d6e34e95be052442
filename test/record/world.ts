import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { hashText } from '../../src/config/files/named-files.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import type { Facts, Judgement, Violation } from '../../src/evaluate/judgement.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import type { ListedKeys } from '../../src/inventory/listed-keys.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import { type ClosedSweep, closeSweep } from '../../src/record/closing/close-sweep.ts';
import type { Alerting } from '../../src/record/outbox/alerting.ts';
import type { WrittenAlert } from '../../src/record/outbox/write-alerts.ts';
import type {
  ClaimedBatch,
  JudgedKey,
  PendingKey,
  UnansweredKey,
} from '../../src/record/store/claimed-batch.ts';
import type { Database } from '../../src/record/store/database.ts';
import { lastFacts, lastSeenAt } from '../../src/record/store/findings/sightings.ts';
import { claimBatch } from '../../src/record/sweeps/claim-batch.ts';
import { openRequestedSweep } from '../../src/record/sweeps/open-sweep.ts';
import { type RecordedBatch, recordBatch } from '../../src/record/sweeps/record-batch.ts';
import { writeRequest } from '../../src/record/sweeps/requests.ts';
import type { OpenedSweep, SweepInputs } from '../../src/record/sweeps/write-sweep.ts';
import { readClock } from '../../src/timing/database-clock.ts';
import { anAlerting } from '../alert/an-alerting.ts';

/** The ordinary world: two rules, and keys of which the vendor says that all is well. */
const ordinaryRules = `
  - { id: stale, type: stale, after: 45d, severity: high, controls: ["C 1"] }
  - { id: old, type: too-old, after: 90d, severity: medium }
  - { id: gone, type: missing, severity: low }
`;
const hour = 3_600_000;

export function aTrackedKey(keyId: string, difference: Partial<TrackedKey> = {}): TrackedKey {
  const ordinary = { owner: 'ann', environment: null, approvedScopes: null, tags: [] };
  return { source: 'prod', keyId, ...ordinary, ...difference };
}

export function someKeys(count: number, source = 'prod'): TrackedKey[] {
  return Array.from({ length: count }, (_, n) => aTrackedKey(`key_${n}`, { source }));
}

export function inputs(
  keys: readonly TrackedKey[] | ListedKeys,
  rules = ordinaryRules,
): SweepInputs {
  const text = `version: test\nrules:${rules}`;
  const listed = 'chunks' in keys ? keys : keepKeys(keys);
  return {
    inventory: { hash: listed.hash, keys: listed, files: ['keys.csv'] },
    // The tests of a suite share a database, and each has keys of its own.
    replacesInventory: true,
    store: 'the store',
    approvals: undefined,
    policy: { text, hash: hashText(text), policy: parsePolicy(text) },
  };
}

/** Opens a sweep on request: of everything, or of the keys named. */
export async function open(
  database: Database,
  using: SweepInputs,
  named?: readonly TrackedKey[],
  deadlineMs = hour,
): Promise<OpenedSweep> {
  const request = { keys: named, reason: null, requestedBy: null };
  const id = await writeRequest(database, request, null);
  const opened = await openRequestedSweep(database, id, deadlineMs, using);
  if (opened === undefined) throw new Error('the sweep did not open');
  return opened;
}

export async function claim(
  database: Database,
  { sweepId }: Pick<OpenedSweep, 'sweepId'>,
  batch = 0,
  leaseMs = 30_000,
): Promise<ClaimedBatch> {
  const claimed = await claimBatch(database, sweepId, batch, leaseMs);
  if (claimed === undefined) throw new Error('there was nothing to claim');
  return claimed;
}

/** What the vendor says of a key, and which rules that breaks. */
export interface Saying {
  readonly details?: Partial<KeyDetails>;
  readonly breaks?: readonly string[];
  /** The waivers of the rules that it breaks. */
  readonly waivers?: Readonly<Record<string, string>>;
  readonly missing?: boolean;
  readonly unknown?: boolean;
  readonly unjudged?: readonly string[];
  readonly at?: Date;
}

export function answer(pending: PendingKey, at: Date, saying: Saying = {}): JudgedKey {
  const { breaks = [], waivers = {}, unjudged = [] } = saying;
  const observation = observe(saying, saying.at ?? at);
  const violations = breaks.map(
    (rule): Violation => ({
      rule,
      facts: { idleDays: 60, allowedDays: 45 },
      waiver: waivers[rule] ?? null,
    }),
  );
  const broken = violations.some(({ waiver }) => waiver === null) ? 'fail' : 'waived';
  const blanks = saying.unknown === true ? [null] : unjudged;
  const judgement: Judgement = {
    verdict: violations.length > 0 ? broken : blanks.length > 0 ? 'unknown' : 'pass',
    violations,
    unjudged: blanks.map((rule) => ({
      rule,
      reason: 'vendor-error',
      fields: [],
      because: { said: 'it said 500' },
    })),
    known: blanks.length === 0 || violations.length > 0,
    waiverChanges: [],
  };
  return { pending, observation, judgement };
}

function observe({ missing, unknown, details }: Saying, at: Date): Observation {
  if (unknown === true)
    return { kind: 'unknown', at, reason: 'vendor-error', detail: 'it said 500' };
  if (missing === true) return { kind: 'missing', at };
  return { kind: 'present', at, details: { ...ordinaryDetails, ...details } };
}

const ordinaryDetails: KeyDetails = {
  name: 'Checkout',
  type: 'secret',
  scopes: ['customers:read'],
  createdOn: new Date('2026-11-01T00:00:00Z'),
  lastUsed: new Date('2026-11-20T00:00:00Z'),
  lastFour: '7dc0',
};

/** Records answers for the keys of a batch that are named (all of them ordinary otherwise). */
export function record(
  database: Database,
  batch: ClaimedBatch,
  sayings: Readonly<Record<string, Saying>> = {},
  unanswered: readonly UnansweredKey[] = [],
): Promise<RecordedBatch> {
  const out = new Set(unanswered.map(({ pending }) => pending.row));
  const judged = batch.keys
    .filter(({ row }) => !out.has(row))
    .map((pending) => answer(pending, readClock(batch.clock), sayings[pending.key.keyId]));
  return recordBatch(database, batch, {
    judged,
    unanswered,
    sourceRefused: false,
    retryInMs: 1_000,
  });
}

/** The same, but judged by the sweep's policy with what the records know of each key. */
export async function recordJudged(
  database: Database,
  batch: ClaimedBatch,
  sayings: Readonly<Record<string, Saying>> = {},
): Promise<RecordedBatch> {
  const policy = compilePolicy(batch.policy);
  const judged = batch.keys.map((pending) => {
    const { key, history } = pending;
    const saying = sayings[key.keyId] ?? {};
    const observation = observe(saying, saying.at ?? readClock(batch.clock));
    const input = { observation, key, policy, asOf: batch.asOf, usageLagMs: 0, history };
    return { pending, observation, judgement: evaluate(input) };
  });
  return recordBatch(database, batch, {
    judged,
    unanswered: [],
    sourceRefused: false,
    retryInMs: 1_000,
  });
}

/** A sweep from opening to closing, judged by its policy. */
export async function judgedSweep(
  database: Database,
  using: SweepInputs,
  sayings: Readonly<Record<string, Saying>> = {},
): Promise<{ sweepId: string; closed: ClosedSweep }> {
  const opened = await open(database, using);
  for (const { batch } of opened.batches) {
    await recordJudged(database, await claim(database, opened, batch), sayings);
  }
  return { sweepId: opened.sweepId, closed: await close(database, opened.sweepId) };
}

export const alerting = anAlerting(['siem', 'log']);

/** A sweep from opening to closing. */
export async function sweep(
  database: Database,
  using: SweepInputs,
  sayings: Readonly<Record<string, Saying>> = {},
  named?: readonly TrackedKey[],
  terms: Alerting = alerting,
): Promise<{ sweepId: string; closed: ClosedSweep }> {
  const opened = await open(database, using, named);
  for (const { batch } of opened.batches) {
    await record(database, await claim(database, opened, batch), sayings);
  }
  return { sweepId: opened.sweepId, closed: await close(database, opened.sweepId, terms) };
}

export async function close(
  database: Database,
  sweepId: string,
  terms: Alerting = alerting,
): Promise<ClosedSweep> {
  const closed = await closeSweep(database, sweepId, terms);
  if (closed === undefined) throw new Error('the sweep did not close');
  return closed;
}

/** The findings of a source as `key rule state resolution`, in that order. */
export async function findings(database: Database, source = 'prod'): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', k.key_id, f.rule, f.state, f.resolution) as line
    from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
    where k.source = ${source} order by 1
  `.execute(database.db);
  return rows.map(({ line }) => line);
}

/** A finding with what was last seen of it. `version`: changes whenever its row is written. */
export interface SeenFinding {
  readonly key: string;
  readonly rule: string;
  readonly state: string;
  readonly resolution: string | null;
  readonly waiver: string | null;
  readonly first: Date;
  readonly last: Date;
  readonly facts: Facts;
  readonly version: string;
}

/** The findings of a source as the product reads them, in the order of their keys and rules. */
export async function seenFindings(database: Database, source: string): Promise<SeenFinding[]> {
  const { rows } = await sql<SeenFinding>`
    select k.key_id as key, f.rule, f.state, f.resolution, f.waiver->>'id' as waiver,
      f.first_seen_at as first, ${lastSeenAt} as last, ${lastFacts} as facts,
      f.xmin::text || f.ctid::text as version
    from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
    where k.source = ${source} order by k.key_id collate "C", f.rule collate "C"
  `.execute(database.db);
  return rows;
}

/** A statement's first row. */
export async function one<T>(database: Database, text: string): Promise<T> {
  const { rows } = await sql.raw<T>(text).execute(database.db);
  return rows[0] as T;
}

export async function all<T>(database: Database, text: string): Promise<T[]> {
  return (await sql.raw<T>(text).execute(database.db)).rows;
}

export async function run(database: Database, text: string): Promise<void> {
  await sql.raw(text).execute(database.db);
}

/** A source that no other test of the file uses: they share one database. */
export function aSource(): string {
  return `src-${randomUUID().slice(0, 8)}`;
}

interface ToldFinding {
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  readonly firstSeen: string;
  readonly acknowledgement: { readonly by: string } | null;
  readonly lapse: {
    readonly waiver: string;
    readonly reason: string;
    readonly cause: string;
  } | null;
}

export interface ToldMessage {
  readonly type: string;
  readonly data: {
    readonly sweep?: { readonly id: string };
    readonly opened?: readonly ToldFinding[];
    readonly reopened?: readonly ToldFinding[];
    readonly resolved?: readonly ToldFinding[];
    readonly lapsed?: readonly ToldFinding[];
    readonly waived?: readonly ToldFinding[];
    readonly reminders?: readonly ToldFinding[];
  };
}

/** The bodies of alerts, in the order given. */
export async function bodies(
  database: Database,
  alerts: readonly WrittenAlert[],
): Promise<ToldMessage[]> {
  const told: ToldMessage[] = [];
  for (const { id } of alerts) {
    const row = await one<{ body: string }>(
      database,
      `select body from keysweep.alert where id = '${id}'`,
    );
    told.push(JSON.parse(row.body) as ToldMessage);
  }
  return told;
}

/** What alerts tell of the findings of a source, as `opened key rule`, in the order of the alerts. */
export async function changes(
  database: Database,
  alerts: readonly WrittenAlert[],
  source: string,
): Promise<string[]> {
  return (await bodies(database, alerts)).flatMap(({ data }) =>
    (['opened', 'reopened', 'resolved', 'lapsed', 'waived', 'reminders'] as const).flatMap((kind) =>
      (data[kind] ?? [])
        .filter((finding) => finding.source === source)
        .map(({ keyId, rule }) => `${kind} ${keyId} ${rule}`),
    ),
  );
}
