import { describe, expect, test } from 'vitest';
import type { History } from '../../../src/evaluate/history/history.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import { keep } from '../history/keep.ts';
import {
  ago,
  asOf,
  day,
  details,
  hour,
  impossibleRule,
  judge,
  judgeWhole,
  minute,
  missing,
  missingRule,
  present,
} from '../world.ts';

const rules = [impossibleRule()];

/** What is said of a key now, and what was said of it the night before. */
function judgeNow(now: Partial<KeyDetails>, history: Partial<History> = {}) {
  return judge(rules, present(now), { history });
}

function factsOf(now: Partial<KeyDetails>, history: Partial<History> = {}) {
  return judgeNow(now, history).violations[0]?.facts;
}

const asBefore: Partial<History> = {
  lastUsed: ago(hour),
  lastUsedAt: ago(day),
  createdOn: ago(20 * day),
  type: 'secret',
  lastFour: '7dc0',
};

describe('impossible-metadata, within one answer', () => {
  test('passes a key that was used when created, or created when observed', () => {
    expect(judgeNow({ createdOn: ago(hour), lastUsed: ago(hour) }).verdict).toBe('pass');
    expect(judgeNow({ createdOn: asOf, lastUsed: null }).verdict).toBe('pass');
  });

  test('fails a use a millisecond before the creation', () => {
    expect(factsOf({ createdOn: ago(hour), lastUsed: ago(hour + 1) })).toEqual({
      now: ['lastUsed is before createdOn'],
      past: [],
    });
  });

  test('fails a use more than 5 minutes after the observation, and not at 5 minutes', () => {
    expect(judgeNow({ lastUsed: ago(-5 * minute) }).verdict).toBe('pass');
    expect(factsOf({ lastUsed: ago(-5 * minute - 1) })?.['now']).toEqual([
      'lastUsed is in the future',
    ]);
  });

  test('fails a creation a millisecond after the observation', () => {
    expect(factsOf({ createdOn: ago(-1), lastUsed: null })?.['now']).toEqual([
      'createdOn is in the future',
    ]);
  });

  test('measures from the observation, which is later than the opening of the sweep', () => {
    const later = { ...present({ createdOn: ago(-hour), lastUsed: null }), at: ago(-hour) };
    expect(judge(rules, later).verdict).toBe('pass');
  });

  test('lists all contradictions together', () => {
    const far = new Date('9999-12-31T23:59:59.999Z');
    expect(factsOf({ createdOn: far, lastUsed: ago(-hour) })?.['now']).toEqual([
      'lastUsed is before createdOn',
      'lastUsed is in the future',
      'createdOn is in the future',
    ]);
  });
});

describe('impossible-metadata, against the past', () => {
  test('passes a key that did not change, or was used since', () => {
    expect(judgeNow({}, asBefore).verdict).toBe('pass');
    expect(judgeNow({ lastUsed: ago(minute) }, asBefore).verdict).toBe('pass');
    expect(judgeNow({}, { ...asBefore, lastUsed: null }).verdict).toBe('pass');
  });

  test('fails a last use that went backwards, by a millisecond or to never', () => {
    const was = ago(hour).toISOString();
    expect(factsOf({ lastUsed: ago(hour + 1) }, asBefore)?.['past']).toEqual([
      `lastUsed went backwards from ${was} to ${ago(hour + 1).toISOString()}`,
    ]);
    expect(factsOf({ lastUsed: null }, asBefore)?.['past']).toEqual([
      `lastUsed went backwards from ${was} to never`,
    ]);
  });

  test('fails a changed createdOn, type or lastFour, and gives the old value', () => {
    const now = { createdOn: ago(20 * day - 1), type: 'Secret', lastFour: '7dc1' };
    expect(factsOf(now, asBefore)).toEqual({
      now: [],
      past: [
        `createdOn changed from ${ago(20 * day).toISOString()} to ${ago(20 * day - 1).toISOString()}`,
        'type changed from "secret" to "Secret"',
        'lastFour changed from "7dc0" to "7dc1"',
      ],
    });
  });

  test('compares nothing with a field that was never readable', () => {
    expect(judgeNow({}, { type: undefined, lastFour: undefined }).verdict).toBe('pass');
    const odd = new Date(Number.NaN);
    expect(judgeNow({}, { createdOn: odd, lastUsed: odd }).verdict).toBe('pass');
  });

  test('cuts a type of a thousand characters', () => {
    const [told] = (factsOf({ type: 'x'.repeat(1_000) }, asBefore)?.['past'] ?? []) as string[];
    expect(told).toBe(`type changed from "secret" to "${'x'.repeat(100)}…"`);
  });
});

describe('impossible-metadata, unreadable', () => {
  const fields = ['createdOn', 'lastUsed', 'type', 'lastFour'] as const;

  test.each(fields)('is unknown when %s is unreadable', (field) => {
    expect(judgeNow({ [field]: undefined }, asBefore).unjudged).toEqual([
      { rule: 'impossible', reason: 'field-unreadable', fields: [field], detail: field },
    ]);
  });

  test('needs neither name nor scopes', () => {
    expect(judgeNow({ name: undefined, scopes: undefined }, asBefore).verdict).toBe('pass');
  });

  test('fails a proven contradiction, whatever else is unreadable', () => {
    const judged = judgeNow({ type: 'public', lastUsed: undefined }, asBefore);
    expect([judged.verdict, judged.unjudged]).toEqual(['fail', []]);
    const now = judgeNow({ lastUsed: ago(-hour), createdOn: undefined });
    expect([now.verdict, now.unjudged]).toEqual(['fail', []]);
  });
});

describe('impossible-metadata, events', () => {
  const open = (past: readonly string[]) => ({
    openEvents: new Map([['impossible', { now: [], past }]]),
  });

  test('open entries stay unchanged, and new ones are appended', () => {
    const history = { ...asBefore, ...open(['zebra', 'ape']) };
    expect(factsOf({}, history)).toEqual({ now: [], past: ['zebra', 'ape'] });
    expect(factsOf({ lastFour: '0000' }, history)?.['past']).toEqual([
      'zebra',
      'ape',
      'lastFour changed from "7dc0" to "0000"',
    ]);
  });

  test('an open event stays while fields are unreadable', () => {
    expect(judgeNow({ createdOn: undefined }, open(['ape'])).verdict).toBe('fail');
  });

  test('a contradiction that was corrected ends, and leaves nothing open', () => {
    const history = { openEvents: new Map([['impossible', { now: ['x'], past: [] }]]) };
    expect(judgeNow({}, history).verdict).toBe('pass');
  });

  test('at most twenty changes are kept of a vendor whose answers change every night', () => {
    const told = Array.from({ length: 20 }, (_, at) => `story ${at}`);
    expect(factsOf({ lastFour: '0000' }, { ...asBefore, ...open(told) })?.['past']).toEqual(told);
    expect(
      factsOf({ lastFour: '0000' }, { ...asBefore, ...open(told.slice(1)) })?.['past'],
    ).toHaveLength(20);
  });

  test('judges nothing for a missing key', () => {
    const list = [impossibleRule(), missingRule()];
    const judged = judge(list, missing, { history: { ...asBefore, ...open(['ape']) } });
    expect(judged.violations.map(({ rule }) => rule)).toEqual(['gone']);
  });

  test('one change is one event, which does not reopen after it was acknowledged', () => {
    const changed = 'lastFour changed from "7dc0" to "0000"';
    const back = 'lastFour changed from "0000" to "7dc0"';
    const kept = keep(rules);
    const night = (lastFour: string) => {
      const observation = present({ lastFour });
      const judgement = judgeWhole(rules, observation, { history: kept.history() });
      kept.observe(observation, judgement, asOf);
      return judgement.violations[0]?.facts['past'];
    };
    expect(night(details().lastFour ?? '')).toBeUndefined();
    expect(night('0000')).toEqual([changed]);
    expect(night('0000')).toEqual([changed]);
    kept.acknowledge('impossible');
    expect(night('0000')).toBeUndefined();
    expect(night('7dc0')).toEqual([back]);
    expect(night('0000')).toEqual([back, changed]);
    expect(night('7dc0')).toEqual([back, changed]);
  });
});
