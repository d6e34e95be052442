import { describe, expect, test } from 'vitest';
import type { History } from '../../../src/evaluate/history/history.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import { keep } from '../history/keep.ts';
import {
  ago,
  asOf,
  day,
  hour,
  judge,
  judgeWhole,
  minute,
  missing,
  missingRule,
  present,
  reawakenedRule,
  unreachable,
} from '../world.ts';

const rules = [reawakenedRule()];

/** A key that was heard of a day ago, when it had not been used for `idle`. */
function idleFor(idle: number): Partial<History> {
  const lastUsedAt = ago(day);
  return { lastUsedAt, lastUsed: new Date(lastUsedAt.getTime() - idle) };
}

function judgeAfter(history: Partial<History>, lastUsed: Date | null | undefined) {
  return judge(rules, present({ lastUsed }), { history });
}

describe('reawakened', () => {
  test('fails a key that was used after exactly `dormant` without use, and not a moment sooner', () => {
    expect(judgeAfter(idleFor(60 * day - 1), ago(hour)).verdict).toBe('pass');
    expect(judgeAfter(idleFor(60 * day), ago(hour)).violations).toEqual([
      {
        rule: 'woke-up',
        facts: {
          idleDays: 60,
          dormantDays: 60,
          previousLastUsed: ago(61 * day).toISOString(),
          lastUsed: ago(hour).toISOString(),
        },
        waiver: null,
      },
    ]);
  });

  test('measures idle time up to the previous observation, not up to the use', () => {
    const history = { lastUsedAt: ago(50 * day), lastUsed: ago(100 * day) };
    expect(judgeAfter(history, ago(hour)).verdict).toBe('pass');
  });

  test('passes a key that stays idle, and one whose last use moved back', () => {
    const history = idleFor(90 * day);
    expect(judgeAfter(history, ago(91 * day)).verdict).toBe('pass');
    expect(judgeAfter(history, ago(91 * day - 1)).verdict).toBe('fail');
    expect(judgeAfter(history, ago(92 * day)).verdict).toBe('pass');
    expect(judgeAfter(history, null).verdict).toBe('pass');
  });

  test('passes a key without an earlier observation', () => {
    expect(judgeAfter({}, ago(hour)).verdict).toBe('pass');
    expect(judgeAfter({ lastUsed: ago(900 * day) }, ago(hour)).verdict).toBe('pass');
  });

  test('does not count the first use of a key', () => {
    expect(judgeAfter({ lastUsed: null, lastUsedAt: ago(day) }, ago(hour)).verdict).toBe('pass');
  });

  test('counts a use in the future, because the last use moved', () => {
    expect(judgeAfter(idleFor(90 * day), ago(-5 * minute - 1)).verdict).toBe('fail');
    expect(judgeAfter(idleFor(90 * day), new Date('9999-12-31T23:59:59.999Z')).verdict).toBe(
      'fail',
    );
  });

  test('is unknown when lastUsed is unreadable now; an unreadable past is no past', () => {
    expect(judgeAfter(idleFor(90 * day), undefined).unjudged).toEqual([
      { rule: 'woke-up', reason: 'field-unreadable', fields: ['lastUsed'], detail: 'lastUsed' },
    ]);
    const odd = new Date(Number.NaN);
    expect(judgeAfter({ lastUsed: odd, lastUsedAt: ago(day) }, ago(hour)).verdict).toBe('pass');
    expect(judgeAfter({ lastUsed: ago(90 * day), lastUsedAt: odd }, ago(hour)).verdict).toBe(
      'pass',
    );
  });

  test('judges nothing for a key that is missing or could not be observed', () => {
    const history = { ...idleFor(90 * day), openEvents: new Map([['woke-up', { idleDays: 70 }]]) };
    const list = [reawakenedRule(), missingRule()];
    expect(judge(list, missing, { history }).violations.map(({ rule }) => rule)).toEqual(['gone']);
    expect(judge(list, unreachable, { history }).violations).toEqual([]);
  });
});

describe('an event that nobody has acknowledged', () => {
  const facts = { idleDays: 70, dormantDays: 60, lastUsed: 'then', previousLastUsed: 'before' };
  const open = { openEvents: new Map([['woke-up', facts]]) };

  test('stays, with the facts it was opened with', () => {
    const history = { ...idleFor(0), ...open };
    expect(judgeAfter(history, ago(hour)).violations[0]?.facts).toEqual(facts);
  });

  test('stays while lastUsed is unreadable, and without a past', () => {
    expect(judgeAfter(open, undefined).verdict).toBe('fail');
    expect(judgeAfter(open, null).verdict).toBe('fail');
  });

  test('is replaced when the key wakes up again', () => {
    const judged = judgeAfter({ ...idleFor(80 * day), ...open }, ago(hour));
    expect(judged.violations[0]?.facts['idleDays']).toBe(80);
  });

  test('belongs to one rule, not to another of the same type', () => {
    const other = [reawakenedRule({ id: 'other' })];
    expect(judge(other, present(), { history: open }).verdict).toBe('pass');
  });
});

describe('night after night', () => {
  const slept = present({ lastUsed: ago(100 * day) });
  const used = present({ lastUsed: ago(hour) });
  const list = [reawakenedRule(), missingRule()];

  /** What every night tells of the key: the waking that is open, else its verdict. */
  function nights(...events: (Observation | 'acknowledged')[]): unknown[] {
    const kept = keep(list);
    return events.flatMap((event, at) => {
      if (event === 'acknowledged') {
        kept.acknowledge('woke-up');
        return [];
      }
      const sweep = new Date(asOf.getTime() + at * day);
      const observation = { ...event, at: sweep };
      const judgement = judgeWhole(list, observation, { history: kept.history() });
      kept.observe(observation, judgement, sweep);
      return [judgement.violations[0]?.facts['lastUsed'] ?? judgement.verdict];
    });
  }

  test('an event keeps its facts until it is acknowledged, and does not reopen after that', () => {
    const again = present({ lastUsed: ago(-day) });
    const woken = ago(hour).toISOString();
    expect(nights(slept, used, used, again, 'acknowledged', again, again)).toEqual([
      'pass',
      woken,
      woken,
      woken,
      'pass',
      'pass',
    ]);
  });

  test('an unknown night, or one with an unreadable lastUsed, hides no event', () => {
    const unread = present({ lastUsed: undefined });
    expect(nights(slept, unread, unreachable, used)).toEqual([
      'pass',
      'unknown',
      'unknown',
      ago(hour).toISOString(),
    ]);
  });

  test('a key that was missing and is back is compared with what it was before', () => {
    expect(nights(slept, missing, used)).toEqual(['pass', 'fail', ago(hour).toISOString()]);
  });
});
