import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RouteConfig } from '../../../src/alert/alerts-config.ts';
import type { Destinations } from '../../../src/alert/destinations.ts';
import type { FindingsChanged, PlannedAlert } from '../../../src/alert/message.ts';
import { advise } from '../../../src/alert/plan/advise.ts';
import type { PendingEvent } from '../../../src/alert/plan/pending-event.ts';
import { createAlertsPlanner } from '../../../src/alert/plan/plan-alerts.ts';
import { type FormatName, formats } from '../../../src/alert/render/index.ts';
import { remedies } from '../../../src/evaluate/remedies.ts';
import { aCoverage, anEvent, aSweep } from '../a-finding.ts';
import { aDestination } from '../an-alerting.ts';
import { planAll } from './plan-all.ts';

const at = new Date('2026-11-23T02:31:00Z');
const about = (destinations: Destinations) => ({
  ...{ sweep: aSweep, coverage: aCoverage, destinations, at },
});
const plan = (
  events: readonly PendingEvent[],
  destinations = aDestination(['siem']),
  page?: number,
) => planAll(about(destinations), events, page);
/** To channels that take JSON, by routes. */
const planTo = (
  events: readonly PendingEvent[],
  channels: readonly string[],
  routes: readonly RouteConfig[] = [],
) => plan(events, aDestination(channels, { routes }));

const dataOf = (alert: PlannedAlert | undefined) => alert?.data as FindingsChanged;
const keysIn = (findings: readonly { keyId: string }[]) => findings.map(({ keyId }) => keyId);
const many = (count: number) => Array.from({ length: count }, (_, n) => anEvent('opened', n));

const advised = (event: PendingEvent | undefined) =>
  event && { ...event.finding, ...advise(event.finding, undefined) };

test('plans nothing when nothing changed', () => {
  expect(plan([]).alerts).toEqual([]);
});

test('makes each message when its last event comes, by channel', () => {
  const parts = new Map([
    ['siem', [100, 100, 50]],
    ['mail', [150, 100]],
  ]);
  const planner = createAlertsPlanner(about(aDestination(['siem', 'mail'])), parts);
  const made = (from: number, to: number) =>
    planner
      .take(many(250).slice(from, to))
      .alerts.map(({ channel, part, parts, eventIds }) => [channel, part, parts, eventIds.length]);
  expect(made(0, 99)).toEqual([]);
  expect(made(99, 210)).toEqual([
    ['siem', 1, 3, 100],
    ['siem', 2, 3, 100],
    ['mail', 1, 2, 150],
  ]);
  expect(made(210, 250)).toEqual([
    ['siem', 3, 3, 50],
    ['mail', 2, 2, 100],
  ]);
  expect(() => planner.end()).not.toThrow();
});

test.each([1, 3])('refuses parts that were planned for %i of two events', (size) => {
  const planner = createAlertsPlanner(about(aDestination(['siem'])), new Map([['siem', [size]]]));
  planner.take(many(2));
  expect(() => planner.end()).toThrow('messages to siem were cut from other events');
});

test('plans one message per channel with all changes, and with every array', () => {
  const events = [anEvent('opened', 1), anEvent('resolved', 2), anEvent('reminder', 3)];
  const { alerts } = planTo(events, ['siem', 'mail']);
  expect(alerts.map(({ channel, part, parts }) => [channel, part, parts])).toEqual([
    ['siem', 1, 1],
    ['mail', 1, 1],
  ]);
  expect(alerts[0]?.eventIds).toEqual(['opened-1', 'resolved-2', 'reminder-3']);
  expect(dataOf(alerts[0])).toEqual({
    sweep: aSweep,
    coverage: aCoverage,
    part: 1,
    parts: 1,
    opened: [advised(events[0])],
    reopened: [],
    resolved: [advised(events[1])],
    lapsed: [],
    waived: [],
    reminders: [advised(events[2])],
  });
});

test('says of each finding what to do, with a link where pages have an address', () => {
  const to = aDestination(['siem'], { publicUrl: 'https://keysweep.example' });
  const { alerts } = plan([anEvent('opened', 1), anEvent('resolved', 2)], to);
  expect(dataOf(alerts[0])).toMatchObject({
    opened: [
      {
        remedy: remedies.stale,
        command: 'keysweep audit key_1 --source flexcharge-prod',
        link: 'https://keysweep.example/keys/flexcharge-prod/key_1',
      },
    ],
  });
});

test('plans nothing for a channel without events', () => {
  const routes = [{ match: { severity: ['high' as const] }, channels: ['siem'] }];
  const { alerts } = planTo([anEvent('opened', 1)], ['siem', 'mail'], routes);
  expect(alerts.map(({ channel }) => channel)).toEqual(['siem']);
});

describe('parts', () => {
  test('puts 100 findings into one message and the 101st into a second', () => {
    expect(plan(many(100)).alerts.map(({ parts }) => parts)).toEqual([1]);
    const { alerts } = plan(many(101));
    expect(alerts.map(({ part, parts, eventIds }) => [part, parts, eventIds.length])).toEqual([
      [1, 2, 100],
      [2, 2, 1],
    ]);
    expect(dataOf(alerts[1])).toMatchObject({ part: 2, parts: 2 });
  });

  test('puts a finding that opened and resolved before any alert into both arrays', () => {
    const { alerts } = plan([anEvent('opened', 1), anEvent('resolved', 1)]);
    expect(alerts).toHaveLength(1);
    expect(keysIn(dataOf(alerts[0]).opened)).toEqual(['key_1']);
    expect(keysIn(dataOf(alerts[0]).resolved)).toEqual(['key_1']);
  });

  test('plans two messages if one would show the changes in the wrong order', () => {
    const { alerts } = plan([anEvent('resolved', 1), anEvent('reopened', 1)]);
    expect(alerts.map(({ eventIds }) => eventIds)).toEqual([['resolved-1'], ['reopened-1']]);
  });

  test('never omits, repeats or reorders changes, and never has more than 100', () => {
    const kind = fc.constantFrom('opened', 'reopened', 'resolved', 'lapsed', 'reminder');
    const changes = fc.array(fc.tuple(kind, fc.nat(150)), { maxLength: 400 });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 400 }), (made, page) => {
        const events = made.map(([k, n], i) => anEvent(k as 'opened', n, { id: String(i) }));
        const { alerts } = plan(events, undefined, page);
        expect(alerts).toEqual(plan(events).alerts);
        expect(alerts.flatMap(({ eventIds }) => eventIds)).toEqual(events.map(({ id }) => id));
        expect(alerts.every(({ eventIds }) => eventIds.length <= 100)).toBe(true);
        // Read part by part and array by array, each finding's changes come as they happened.
        const read = alerts.flatMap((alert) => {
          const { opened, reopened, resolved, lapsed, reminders } = dataOf(alert);
          return Object.entries({
            opened,
            reopened,
            resolved,
            lapsed,
            reminder: reminders,
          }).flatMap(([k, findings]) => findings.map((finding) => [k, finding.fingerprint]));
        });
        for (const { finding } of events) {
          const of = (print: string) => read.filter(([, f]) => f === print).map(([k]) => k);
          const happened = events.filter((e) => e.finding.fingerprint === finding.fingerprint);
          expect(of(finding.fingerprint)).toEqual(happened.map((e) => e.kind));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('each type of channel', () => {
  const names = Object.keys(formats) as FormatName[];
  const toFormat = (events: readonly PendingEvent[], format: FormatName) =>
    plan(events, aDestination(['c'], { formats: new Map([['c', format]]) })).alerts;
  /** As much of everything as a vendor may say. */
  const huge = (n: number) => {
    const scopes = Array.from({ length: 60 }, () => '<&"\u202E😀'.repeat(99));
    return anEvent('opened', n, { finding: { keyName: '&'.repeat(999), facts: { scopes } } });
  };

  test.each(names)('%s: every part fits, and nothing is lost or repeated', (format) => {
    const ordinary = Array.from({ length: 120 }, (_, n) => anEvent('opened', n));
    for (const events of [ordinary, Array.from({ length: 30 }, (_, n) => huge(n)), [huge(1)]]) {
      const alerts = toFormat(events, format);
      const bodies = alerts.map((alert) => formats[format].render(alert, at));
      expect(bodies.every(({ fits }) => fits)).toBe(true);
      expect(alerts.flatMap(({ eventIds }) => eventIds)).toEqual(events.map(({ id }) => id));
      expect(alerts.map(({ part }) => part)).toEqual(alerts.map((_, n) => n + 1));
      expect(alerts.every(({ parts }) => parts === alerts.length)).toBe(true);
    }
  });

  test('a message to PagerDuty has one finding', () => {
    const events = [anEvent('opened', 1), anEvent('resolved', 1), anEvent('opened', 2)];
    expect(toFormat(events, 'pagerduty').map(({ eventIds }) => eventIds)).toEqual([
      ['opened-1'],
      ['resolved-1'],
      ['opened-2'],
    ]);
  });

  test('a message to a webhook has as many findings as fit', () => {
    const count = (events: readonly PendingEvent[]) => toFormat(events, 'json').length;
    expect(count(many(100))).toBe(1);
    expect(count(Array.from({ length: 100 }, (_, n) => huge(n)))).toBeGreaterThan(1);
  });

  test('the parts of each channel are counted separately', () => {
    const both = aDestination(['a', 'b'], {
      formats: new Map<string, FormatName>([
        ['a', 'json'],
        ['b', 'pagerduty'],
      ]),
    });
    const { alerts } = plan(many(2), both);
    expect(alerts.map(({ channel, part, parts }) => [channel, part, parts])).toEqual([
      ['a', 1, 1],
      ['b', 1, 2],
      ['b', 2, 2],
    ]);
  });
});

describe('an event after an opening', () => {
  const channels = ['siem', 'mail', 'oncall'];
  const routes = [{ match: undefined, channels: ['siem'] }];
  const channelsOf = (event: PendingEvent) =>
    planTo([event], channels, routes).alerts.map(({ channel }) => channel);

  test.each(['resolved', 'lapsed', 'reminder'] as const)(
    '%s goes to the channels of the opening',
    (kind) => {
      expect(channelsOf(anEvent(kind, 1, { openedTo: ['oncall', 'mail'] }))).toEqual([
        'mail',
        'oncall',
      ]);
    },
  );

  test('goes to the channels of an opening that is alerted with it', () => {
    const events = [anEvent('opened', 1), anEvent('resolved', 1, { openedTo: ['mail'] })];
    for (const page of [1, 2]) {
      const { alerts, openedTo } = plan(events, aDestination(channels, { routes }), page);
      expect(alerts.map(({ channel, eventIds }) => [channel, eventIds])).toEqual([
        ['siem', ['opened-1', 'resolved-1']],
      ]);
      expect(openedTo.get(1)).toEqual(['siem']);
    }
  });

  test('is routed when no channel of the opening is left', () => {
    expect(channelsOf(anEvent('resolved', 1, { openedTo: ['gone'] }))).toEqual(['siem']);
    expect(channelsOf(anEvent('resolved', 1))).toEqual(['siem']);
  });

  test('goes to the owner’s own address while that exists', () => {
    const resolved = anEvent('resolved', 1, { openedTo: ['owner:ann', 'gone'] });
    const formats = new Map<string, FormatName>([
      ['siem', 'json'],
      ['owner:ann', 'email'],
    ]);
    const to = (destinations: Destinations) =>
      plan([resolved], destinations).alerts.map(({ channel }) => channel);
    expect(to(aDestination(['siem'], { formats }))).toEqual(['owner:ann']);
    expect(to(aDestination(['siem']))).toEqual(['siem']);
  });

  test('is routed again if it is a reopening', () => {
    expect(channelsOf(anEvent('reopened', 1, { openedTo: ['mail'] }))).toEqual(['siem']);
  });
});

describe('findings of unreasonable size', () => {
  test('are cut to the limits, and show it', () => {
    const scopes = Array.from({ length: 51 }, (_, n) => `scope-${n}`);
    const finding = { keyName: 'x'.repeat(501), facts: { scopes } };
    const [told] = dataOf(plan([anEvent('opened', 1, { finding })]).alerts[0]).opened;
    expect(told?.keyName).toBe(`${'x'.repeat(499)}…`);
    expect(told?.facts['scopes']).toEqual([...scopes.slice(0, 50), '… and 1 more']);
  });

  test('stay whole up to the limit, and valid Unicode above it', () => {
    const name = (keyName: string) =>
      dataOf(plan([anEvent('opened', 1, { finding: { keyName } })]).alerts[0]).opened[0]?.keyName;
    expect(name('x'.repeat(500))).toBe('x'.repeat(500));
    expect(name(`${'x'.repeat(498)}😀😀`)).toBe(`${'x'.repeat(498)}…`);
  });
});

describe('waived findings', () => {
  const toMail = [{ match: { severity: ['high' as const] }, channels: ['mail'] }];
  const channels = ['siem', 'mail'];
  const told = (events: readonly PendingEvent[]) =>
    planTo(events, channels, toMail).alerts.map(({ channel, eventIds }) => [channel, eventIds]);

  test('are not alerted, and neither is the end of one that was always waived', () => {
    const waived = anEvent('waived', 1);
    expect(told([waived])).toEqual([]);
    expect(told([waived, anEvent('resolved', 1, { was: 'waived' })])).toEqual([]);
    expect(told([anEvent('resolved', 1, { was: 'waived' })])).toEqual([]);
  });

  test('that were alerted as open are alerted in the channels of the opening, and so is their end', () => {
    const openedTo = ['siem'];
    const waived = anEvent('waived', 1, { was: 'open', openedTo });
    const ended = anEvent('resolved', 1, { was: 'waived', openedTo });
    expect(told([waived, ended])).toEqual([
      ['siem', ['waived-1']],
      ['siem', ['resolved-1']],
    ]);
    expect(told([waived])).toEqual([['siem', ['waived-1']]]);
    expect(told([ended])).toEqual([['siem', ['resolved-1']]]);
  });

  test('forget the channels of an earlier opening whose end was alerted', () => {
    const openedTo = ['siem'];
    const waived = anEvent('waived', 1, { was: 'resolved', openedTo });
    expect(planTo([waived], channels).openedTo).toEqual(new Map([[1, []]]));
    expect(told([waived, anEvent('resolved', 1, { was: 'waived', openedTo })])).toEqual([]);
  });

  test('that lapse are alerted in the channels of the opening, or routed if there are none', () => {
    const known = anEvent('lapsed', 1, { was: 'waived', openedTo: ['siem'] });
    expect(told([known])).toEqual([['siem', ['lapsed-1']]]);
    expect(told([anEvent('lapsed', 1, { was: 'waived' })])).toEqual([['mail', ['lapsed-1']]]);
  });

  test('that opened and were waived before the alert are alerted as both', () => {
    const events = [anEvent('opened', 1), anEvent('waived', 1, { was: 'open' })];
    expect(told(events)).toEqual([['mail', ['opened-1', 'waived-1']]]);
    const ended = [...events, anEvent('resolved', 1, { was: 'waived' })];
    expect(told(ended)).toEqual([
      ['mail', ['opened-1', 'waived-1']],
      ['mail', ['resolved-1']],
    ]);
  });
});
