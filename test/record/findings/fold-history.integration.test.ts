import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.ts';
import { advance } from '../../../src/evaluate/history/advance.ts';
import type { History } from '../../../src/evaluate/history/history.ts';
import { notStored } from '../../../src/evaluate/history/key-outcome.ts';
import { historyOf, type KeyState, newKey } from '../../../src/evaluate/history/key-state.ts';
import { compilePolicy } from '../../../src/evaluate/policy/compile-policy.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import type { ClaimedBatch } from '../../../src/record/store/claimed-batch.ts';
import { recordBatch } from '../../../src/record/sweeps/record-batch.ts';
import type { SweepInputs } from '../../../src/record/sweeps/write-sweep.ts';
import { readClock } from '../../../src/timing/database-clock.ts';
import { describeStores } from '../stores.ts';
import {
  aSource,
  claim,
  close,
  inputs,
  one,
  open,
  type SeenFinding,
  seenFindings,
  someKeys,
} from '../world.ts';

const day = 86_400_000;
const start = Date.now() - 300 * day;
const instant = fc.integer({ min: 0, max: 299 }).map((days) => new Date(start + days * day));
const unreadable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 4 });

const details: fc.Arbitrary<KeyDetails> = fc.record({
  name: fc.constant('Checkout'),
  type: unreadable(fc.constantFrom('secret', 'public')),
  scopes: unreadable(fc.subarray(['a:read', 'b:read', 'c:write'])),
  createdOn: unreadable(fc.constantFrom(new Date(start), new Date(start + day))),
  lastUsed: unreadable(fc.option(instant, { nil: null })),
  lastFour: unreadable(fc.constantFrom('aaaa', 'bbbb')),
});
type Night = { kind: 'missing' | 'unknown' } | { kind: 'present'; details: KeyDetails };
const night: fc.Arbitrary<Night> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('present' as const), details }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'missing' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const }) },
);
const nights = fc.array(fc.array(night, { minLength: 20, maxLength: 20 }), {
  minLength: 8,
  maxLength: 8,
});

const rulesOf = (source: string) => `
  - { id: woke, type: reawakened, dormant: 20d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: drift, type: scope-drift, severity: high }
  - { id: stale, type: stale, after: 45d, warnBefore: 20d, severity: high }
  - { id: silent, type: unaudited, after: 1s, severity: low }
waivers:
  - { id: W-1, rule: stale, match: { source: [${source}] }, reason: r, requestedBy: ann,
      approvedBy: [bob, cid], expires: 2199-01-01 }
`;

function observe(said: Night, at: Date): Observation {
  if (said.kind === 'present') return { ...said, at };
  if (said.kind === 'missing') return { kind: 'missing', at };
  return { kind: 'unknown', at, reason: 'timeout', detail: '' };
}

/** What the records say of findings, and what folding says. */
function told(finding: Pick<SeenFinding, 'state' | 'resolution' | 'waiver' | 'last' | 'facts'>) {
  const { state, resolution, waiver, last, facts } = finding;
  return { state, resolution, waiver, last, facts };
}

/** Lists in the order of their names, for the database has none. */
function plain({ openEvents, waived, ...rest }: History) {
  const inOrder = (entries: Iterable<readonly [string, unknown]>) =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...rest, openEvents: inOrder(openEvents), waived: inOrder(waived) };
}

/** Each key was claimed with the history that folding says. */
function expectHistories(
  batches: readonly ClaimedBatch[],
  folded: ReadonlyMap<string, KeyState>,
  trackedAt: Date,
): void {
  for (const { keys, policy } of batches) {
    for (const { key, history } of keys) {
      const known = folded.get(key.keyId) ?? newKey(trackedAt);
      expect(plain(history)).toEqual(plain(historyOf(known, policy)));
    }
  }
}

describeStores('the history of a key', (get) => {
  /** Records what the vendor says of the keys of a batch, and folds it. */
  async function follow(
    batch: ClaimedBatch,
    said: readonly Night[],
    folded: Map<string, KeyState>,
    trackedAt: Date,
  ) {
    const policy = compilePolicy(batch.policy);
    const { asOf } = batch;
    const judged = batch.keys.map((pending, place) => {
      const { key, history } = pending;
      const observation = observe(said[place] ?? { kind: 'missing' }, readClock(batch.clock));
      const judgement = evaluate({ observation, key, policy, asOf, usageLagMs: 0, history });
      const past = { observation, judgement, asOf, policy: batch.policy, now: asOf };
      const observed = {
        kind: 'observed',
        ...past,
        judgedWith: history,
        stored: notStored,
      } as const;
      const before = folded.get(key.keyId) ?? newKey(trackedAt);
      folded.set(key.keyId, advance(before, observed).next);
      return { pending, observation, judgement };
    });
    const asked = { unanswered: [], sourceRefused: false, retryInMs: 1_000 };
    await recordBatch(get(), batch, { judged, ...asked });
  }

  /** The findings of a source, in the records and folded. */
  async function findingsOf(source: string, folded: ReadonlyMap<string, KeyState>) {
    const seen = await seenFindings(get(), source);
    const known = [...folded].flatMap(([key, { findings }]) =>
      [...findings.values()].map(({ waiver, seenAt: last, facts, ...finding }) => [
        `${key} ${finding.rule}`,
        told({ ...finding, waiver: waiver?.id ?? null, last, facts: facts ?? {} }),
      ]),
    );
    return [
      Object.fromEntries(seen.map((one) => [`${one.key} ${one.rule}`, told(one)])),
      Object.fromEntries(known),
    ];
  }

  async function trackedAtOf(source: string): Promise<Date> {
    const tracked = await one<{ at: Date }>(
      get(),
      `select min(tracked_at) as at from keysweep.tracked_key where source = '${source}'`,
    );
    return tracked.at;
  }

  /** Sweeps that are all claimed before any is recorded: in the order of opening, or turned. */
  async function sweepAtOnce(
    source: string,
    using: SweepInputs,
    sweeps: readonly (readonly Night[])[],
    folded: Map<string, KeyState>,
    isTurned: boolean,
  ) {
    const started: { batch: ClaimedBatch; said: readonly Night[] }[] = [];
    for (const said of sweeps) {
      started.push({ said, batch: await claim(get(), await open(get(), using)) });
    }
    const trackedAt = await trackedAtOf(source);
    const batches = started.map(({ batch }) => batch);
    expectHistories(batches, folded, trackedAt);
    for (const { batch, said } of isTurned ? started.reverse() : started) {
      await follow(batch, said, folded, trackedAt);
      const [seen, known] = await findingsOf(source, folded);
      expect(seen).toEqual(known);
    }
    for (const { sweepId } of batches) await close(get(), sweepId);
  }

  test.each([
    ['folding its sweeps', 1],
    ['folding sweeps that overlap, and are recorded in turns in the order of opening or not', 2],
  ])('is the same in the records as after %s', async (_, atOnce) => {
    for (const sweeps of fc.sample(nights, { numRuns: 2, seed: 20_261_123 })) {
      const source = aSource();
      const using = inputs(someKeys(20, source), rulesOf(source));
      const folded = new Map<string, KeyState>();
      for (let at = 0; at < sweeps.length; at += atOnce) {
        const isTurned = at % (2 * atOnce) > 0;
        await sweepAtOnce(source, using, sweeps.slice(at, at + atOnce), folded, isTurned);
      }
      const histories = [...folded.values()].map((state) => historyOf(state, using.policy.policy));
      expect(histories.some(({ openEvents }) => openEvents.size > 0)).toBe(true);
      expect(histories.some(({ waived }) => waived.size > 0)).toBe(true);
    }
  });
});
