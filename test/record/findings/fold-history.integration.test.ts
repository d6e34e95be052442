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
import { recordBatch } from '../../../src/record/sweeps/record-batch.ts';
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

describeStores('the history of a key', (get) => {
  test('is the same in the records as after folding its sweeps', async () => {
    const drawn = fc.sample(nights, { numRuns: 2, seed: 20_261_123 });
    for (const sweeps of drawn) {
      const source = aSource();
      const using = inputs(someKeys(20, source), rulesOf(source));
      const folded = new Map<string, KeyState>();
      for (const said of sweeps) {
        const opened = await open(get(), using);
        const batch = await claim(get(), opened);
        const tracked = await one<{ at: Date }>(
          get(),
          `select min(tracked_at) as at from keysweep.tracked_key where source = '${source}'`,
        );
        const policy = compilePolicy(batch.policy);
        const judged = batch.keys.map((pending, place) => {
          const { key, history } = pending;
          const before = folded.get(key.keyId) ?? newKey(tracked.at);
          expect(plain(history)).toEqual(plain(historyOf(before, batch.policy)));
          const observation = observe(said[place] ?? { kind: 'missing' }, readClock(batch.clock));
          const { asOf } = batch;
          const judgement = evaluate({ observation, key, policy, asOf, usageLagMs: 0, history });
          const past = { observation, judgement, asOf, policy: batch.policy, now: asOf };
          const observed = {
            kind: 'observed',
            ...past,
            judgedWith: history,
            stored: notStored,
          } as const;
          folded.set(key.keyId, advance(before, observed).next);
          return { pending, observation, judgement };
        });
        await recordBatch(get(), batch, {
          judged,
          unanswered: [],
          sourceRefused: false,
          retryInMs: 1_000,
        });
        await close(get(), opened.sweepId);
        const seen = await seenFindings(get(), source);
        const known = [...folded].flatMap(([key, { findings }]) =>
          [...findings.values()].map((finding) => ({ ...finding, key })),
        );
        expect(new Map(seen.map((one) => [`${one.key} ${one.rule}`, told(one)]))).toEqual(
          new Map(
            known.map(({ key, waiver, seenAt: last, facts, ...finding }) => [
              `${key} ${finding.rule}`,
              told({ ...finding, waiver: waiver?.id ?? null, last, facts: facts ?? {} }),
            ]),
          ),
        );
      }
      const histories = [...folded.values()].map((state) => historyOf(state, using.policy.policy));
      expect(histories.some(({ openEvents }) => openEvents.size > 0)).toBe(true);
      expect(histories.some(({ waived }) => waived.size > 0)).toBe(true);
    }
  });
});
