import { describe, expect, test } from 'vitest';
import type { PlannedAlert } from '../../../src/alert/message.ts';
import type { ClosingFacts } from '../../../src/record/closing/gather-closing.ts';
import { planRelease } from '../../../src/record/closing/plan-change-alerts.ts';
import { type ClosingPlan, planClosing } from '../../../src/record/closing/plan-closing.ts';
import type { AlertStep } from '../../../src/record/outbox/plan-alert-step.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import {
  aContext,
  aHeldSweep,
  aSweepEvent,
  closingRow,
  deadlineAt,
  openedAt,
  someFacts,
  someTotals,
} from './a-closing.ts';

const alerting = anAlerting(['siem']);

function plan(difference: Partial<ClosingFacts> = {}): ClosingPlan {
  return planClosing(someFacts(difference), alerting);
}

/** Each alert in order: the sweep it is kept with, and what it is about. */
function said(steps: readonly AlertStep[]): readonly string[] {
  return steps.flatMap(({ context, alerts }) =>
    [...alerts].map((alert) => [context.id, alert.type, ...eventsOf(alert)].join(' ')),
  );
}

function eventsOf({ eventIds }: PlannedAlert): readonly string[] {
  return eventIds;
}

function settled(steps: readonly AlertStep[]): readonly string[] {
  return steps.flatMap(({ events }) => events.map(({ id }) => id));
}

describe('a sweep', () => {
  test('is complete when every key and rule was judged', () => {
    expect(plan().status).toBe('complete');
    expect(plan({ totals: someTotals({ unknown: 1, partial: 0 }) }).status).toBe('incomplete');
    expect(plan({ totals: someTotals({ unknown: 0, partial: 1 }) }).status).toBe('incomplete');
  });

  test('has a successful heartbeat if it closes by itself, in time, with all batches ended', () => {
    const at = (now: Date) => plan({ sweep: { ...someFacts().sweep, now } }).heartbeat;
    expect(at(deadlineAt)).toBe('success');
    expect(at(new Date(deadlineAt.getTime() + 1))).toBe('fail');
    expect(plan({ lateBatches: 1 }).heartbeat).toBe('fail');
    const stopped = { ...someFacts().sweep, stopped_at: openedAt };
    expect(plan({ sweep: stopped }).heartbeat).toBe('fail');
  });

  test('has a failed heartbeat if no key was audited, and a successful one from the first on', () => {
    const audited = (count: number) =>
      plan({ totals: someTotals({ unknown: 10 - count, partial: 0 }) }).heartbeat;
    expect([audited(0), audited(1)]).toEqual(['fail', 'success']);
  });

  test('plans no alert when nothing changed', () => {
    expect(said(plan().steps)).toEqual([]);
  });

  test('reports the unknown keys last, and only when their set changed in a full sweep', () => {
    const unknown = { unknown: 1, partial: 0 };
    const events = [aSweepEvent('opened', 1)];
    const changed = plan({ totals: someTotals(unknown, true), events });
    expect(said(changed.steps)).toEqual([
      `${closingRow} findings.changed opened-1`,
      `${closingRow} sweep.incomplete`,
    ]);
    expect(said(plan({ totals: someTotals(unknown, false) }).steps)).toEqual([]);
    const partial = { ...someFacts().sweep, scope: 'partial' } as const;
    expect(said(plan({ totals: someTotals(unknown, true), sweep: partial }).steps)).toEqual([]);
  });
});

describe('changes that are reported', () => {
  test('have the opening of the sweep as their time, and come before the reminders', () => {
    const { steps, reminders } = plan({
      events: [aSweepEvent('opened', 1)],
      reminders: [aSweepEvent('reminder', 2)],
    });
    expect(settled(steps)).toEqual(['opened-1', 'reminder-2']);
    expect(steps[0]?.context.asOf).toEqual(openedAt);
    expect(reminders.map(({ id }) => id)).toEqual(['reminder-2']);
  });

  test('of a confirmed sweep go before those of the sweep that confirms it', () => {
    const { steps, ended } = plan({
      holding: { kind: 'alert', confirmed: [aHeldSweep(7)] },
      contexts: new Map([[7, aContext(7)]]),
      events: [
        aSweepEvent('opened', 1, { sweepRow: 7 }),
        aSweepEvent('resolved', 1, { was: 'open' }),
        aSweepEvent('opened', 2),
      ],
    });
    expect(said(steps)).toEqual([
      '7 findings.changed opened-1',
      `${closingRow} findings.changed resolved-1 opened-2`,
    ]);
    expect(ended).toEqual({ sweeps: [aHeldSweep(7)], how: 'confirmed' });
  });

  test('go to the channels of the opening that is planned with them', () => {
    const channels = ['siem', 'log'];
    const routes = [{ match: { severity: ['high' as const] }, channels: ['log'] }];
    const low = { ...aSweepEvent('resolved', 1, { was: 'open' }) };
    const { steps } = planClosing(
      someFacts({
        holding: { kind: 'alert', confirmed: [aHeldSweep(7)] },
        contexts: new Map([[7, aContext(7)]]),
        events: [
          aSweepEvent('opened', 1, { sweepRow: 7 }),
          { ...low, finding: { ...low.finding, severity: 'low' } },
        ],
      }),
      { ...anAlerting(channels), routes },
    );
    const sent = steps.flatMap(({ alerts }) => [...alerts].map(({ channel }) => channel));
    expect(sent).toEqual(['log', 'log']);
  });
});

describe('changes that are held', () => {
  test('are counted in one notice, and stay pending', () => {
    const turned = { pass: 0, fail: 4, waived: 0, unknown: 0, missing: 0, left: 0 };
    const anomaly = { compared: 10, changed: 4, turned, cause: 'unclear', detail: 'all' } as const;
    const { steps, held, ended, reminders } = plan({
      holding: { kind: 'hold', anomaly },
      waiting: 5,
    });
    expect(said(steps)).toEqual([`${closingRow} sweep.anomaly`]);
    expect(settled(steps)).toEqual([]);
    expect(held).toEqual({ ...anomaly, held: 5 });
    expect({ ended, reminders }).toEqual({ ended: undefined, reminders: [] });
  });

  test('are withdrawn if they went back, and the rest is reported', () => {
    const { steps, ended } = plan({
      holding: { kind: 'recovered', withdrawn: [aHeldSweep(7)] },
      events: [
        aSweepEvent('opened', 1, { sweepRow: 7 }),
        aSweepEvent('opened', 2, { sweepRow: 7 }),
        aSweepEvent('resolved', 1, { was: 'open' }),
        aSweepEvent('opened', 3),
      ],
    });
    expect(said(steps)).toEqual([
      `${closingRow} findings.changed opened-2`,
      `${closingRow} findings.changed opened-3`,
      `${closingRow} sweep.recovered`,
    ]);
    expect(settled(steps)).toEqual(['opened-1', 'resolved-1', 'opened-2', 'opened-3']);
    expect(ended?.how).toBe('withdrawn');
  });

  test('are reported in the name of their sweep when somebody releases them', () => {
    const steps = planRelease(aContext(7), [aSweepEvent('opened', 1, { sweepRow: 7 })], alerting);
    expect(said(steps)).toEqual(['7 findings.changed opened-1']);
  });
});
