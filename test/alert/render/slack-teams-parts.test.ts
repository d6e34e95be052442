import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FindingsChanged } from '../../../src/alert/message.ts';
import type { PendingEvent } from '../../../src/alert/plan/pending-event.ts';
import { slack } from '../../../src/alert/render/slack.ts';
import { teams } from '../../../src/alert/render/teams.ts';
import { aCoverage, anEvent, aSweep } from '../a-finding.ts';
import { aDestination } from '../an-alerting.ts';
import { slackRefusal } from '../channels/imitate-slack.ts';
import { teamsRefusal } from '../channels/imitate-teams.ts';
import { planAll } from '../plan/plan-all.ts';
import { anyFinding } from './hostile.ts';
import { ordinaryFindings } from './ordinary-findings.ts';

const at = new Date('2026-11-23T02:31:00Z');
const formats = { slack, teams };
const refusals = { slack: slackRefusal, teams: teamsRefusal };

function partsOf(channel: 'slack' | 'teams', events: readonly PendingEvent[]) {
  const destinations = aDestination([channel], { formats: new Map([[channel, channel]]) });
  const terms = { sweep: aSweep, coverage: aCoverage, destinations, at };
  return planAll(terms, events).alerts.map((alert) => {
    const { body, fits } = formats[channel].render(alert, at);
    const { opened } = alert.data as FindingsChanged;
    return { size: opened.length, ids: alert.eventIds, fits, refusal: refusals[channel](body) };
  });
}

const openings = (count: number) =>
  ordinaryFindings(count).map((finding, n) => anEvent('opened', n, { finding }));

test('90 ordinary findings are one message in Slack, 100 are two', () => {
  expect(partsOf('slack', openings(90)).map(({ size }) => size)).toEqual([90]);
  expect(partsOf('slack', openings(100)).map(({ size }) => size)).toEqual([50, 50]);
});

test('70 ordinary findings are one message in Teams, 100 are two', () => {
  expect(partsOf('teams', openings(70)).map(({ size }) => size)).toEqual([70]);
  expect(partsOf('teams', openings(100)).map(({ size }) => size)).toEqual([50, 50]);
});

/** Up to 130, of a dozen kinds: what takes long is to draw hostile texts, not to send them. */
const anyFindings = fc
  .tuple(
    fc.array(anyFinding, { minLength: 1, maxLength: 12, size: 'max' }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 130, size: 'max' }),
  )
  .map(([kinds, drawn]) => drawn.flatMap((n) => kinds[n % kinds.length] ?? []));

test.each(['slack', 'teams'] as const)(
  'whatever the names in findings, %s accepts every part, and each finding comes once, in order',
  (channel) => {
    fc.assert(
      fc.property(anyFindings, (some) => {
        const events = some.map(({ fingerprint: _, ...finding }, n) =>
          anEvent('opened', n, { finding }),
        );
        const parts = partsOf(channel, events);
        expect(parts.flatMap(({ ids }) => ids)).toEqual(events.map(({ id }) => id));
        expect(parts.filter(({ fits, refusal }) => !fits || refusal !== undefined)).toEqual([]);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  },
);
