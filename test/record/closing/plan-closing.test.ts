import { describe, expect, test } from 'vitest';
import type { ClosingFacts } from '../../../src/record/closing/gather-closing.ts';
import { planRelease } from '../../../src/record/closing/plan-change-alerts.ts';
import { type ClosingPlan, planClosing } from '../../../src/record/closing/plan-closing.ts';
import type { AlertStep } from '../../../src/record/outbox/alert-step.ts';
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

/** What is written, in order: the sweep it is kept with, and the events or the type of the notice. */
function said(steps: readonly AlertStep[]): readonly string[] {
  return steps.flatMap((step) => {
    const { id } = step.context;
    if (step.kind === 'rest') return [`${id} the rest`];
    if (step.kind === 'notices') return step.alerts.map(({ type }) => `${id} ${type}`);
    const events = step.events.map((event) => event.id).join(' ');
    return step.kind === 'changes' ? [`${id} ${events}`] : [`${id} without an alert: ${events}`];
  });
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

  test('reports the unknown keys last, and only when their set changed in a full sweep', () => {
    const unknown = { unknown: 1, partial: 0 };
    const own = `${closingRow} the rest`;
    const changed = plan({ totals: someTotals(unknown, true) });
    expect(said(changed.steps)).toEqual([own, `${closingRow} sweep.incomplete`]);
    expect(said(plan({ totals: someTotals(unknown, false) }).steps)).toEqual([own]);
    const partial = { ...someFacts().sweep, scope: 'partial' } as const;
    expect(said(plan({ totals: someTotals(unknown, true), sweep: partial }).steps)).toEqual([own]);
  });
});

describe('changes that are reported', () => {
  test('have the opening of the sweep as their time', () => {
    const { steps } = plan();
    expect(steps[0]?.context).toMatchObject({ id: closingRow, asOf: openedAt });
  });

  test('of a confirmed sweep go before those of the sweep that confirms it', () => {
    const { steps, ended } = plan({
      holding: { kind: 'alert', confirmed: [aHeldSweep(7)] },
      contexts: new Map([[7, aContext(7)]]),
      heldEvents: [
        aSweepEvent('opened', 1, { sweepRow: 7 }),
        aSweepEvent('resolved', 1, { was: 'open' }),
      ],
    });
    expect(said(steps)).toEqual(['7 opened-1', `${closingRow} the rest`]);
    expect(ended).toEqual({ sweeps: [aHeldSweep(7)], how: 'confirmed' });
  });
});

describe('changes that are held', () => {
  test('are counted in one notice, and stay pending', () => {
    const turned = { pass: 0, fail: 4, waived: 0, unknown: 0, missing: 0, left: 0 };
    const anomaly = { compared: 10, changed: 4, turned, cause: 'unclear', detail: 'all' } as const;
    const { steps, held, ended } = plan({
      holding: { kind: 'hold', anomaly },
      waiting: 5,
    });
    expect(said(steps)).toEqual([`${closingRow} sweep.anomaly`]);
    expect(held).toEqual({ ...anomaly, held: 5 });
    expect(ended).toBeUndefined();
  });

  test('are withdrawn if they went back, and the rest is reported', () => {
    const { steps, ended } = plan({
      holding: { kind: 'recovered', withdrawn: [aHeldSweep(7)] },
      heldEvents: [
        aSweepEvent('opened', 1, { sweepRow: 7 }),
        aSweepEvent('opened', 2, { sweepRow: 7 }),
        aSweepEvent('resolved', 1, { was: 'open' }),
      ],
    });
    expect(said(steps)).toEqual([
      `${closingRow} without an alert: opened-1 resolved-1`,
      `${closingRow} opened-2`,
      `${closingRow} the rest`,
      `${closingRow} sweep.recovered`,
    ]);
    expect(ended?.how).toBe('withdrawn');
  });

  test('are reported in the name of their sweep when somebody releases them', () => {
    expect(said(planRelease(aContext(7), alerting))).toEqual(['7 the rest']);
  });
});
