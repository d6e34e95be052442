import type { ClosingFacts } from '../../../src/record/closing/gather-closing.ts';
import type { EarlierSweep } from '../../../src/record/closing/read-changes.ts';
import type { AlertContext } from '../../../src/record/outbox/alert-step.ts';
import type { SweepEvent } from '../../../src/record/outbox/pending-events.ts';
import { aCoverage, aSweep } from '../../alert/a-finding.ts';

export const openedAt = new Date('2026-11-23T02:00:00Z');
export const closedAt = new Date('2026-11-23T02:20:00Z');
export const deadlineAt = new Date('2026-11-23T03:00:00Z');

/** The row of the sweep that is closing. */
export const closingRow = 9;

export function aHeldSweep(id: number): EarlierSweep {
  return { id, uuid: `sweep-${id}`, policy: { version: '1', hash: 'sha256:1' } };
}

export function aContext(id: number): AlertContext {
  const sweep = { ...aSweep, id: `sweep-${id}` };
  return { id, sweep, coverage: aCoverage, now: closedAt, asOf: closedAt };
}

/**
 * A pending event of the finding in row `n`, which happened in a sweep: the closing one unless told.
 */
export function aSweepEvent(
  kind: SweepEvent['kind'],
  n: number,
  difference: Partial<SweepEvent> = {},
): SweepEvent {
  const id = `${kind}-${n}`;
  return { id, kind, was: null, findingRow: n, sweepRow: closingRow, ...difference };
}

/**
 * A full sweep that ended in time, knows every key, and changed nothing; a test states the
 * difference.
 */
export function someFacts(difference: Partial<ClosingFacts> = {}): ClosingFacts {
  return {
    sweep: {
      ...{ id: closingRow, uuid: `sweep-${closingRow}`, scope: 'full', trigger: 'schedule' },
      ...{
        schedule: 'nightly',
        due_at: null,
        opened_at: openedAt,
        deadline_at: deadlineAt,
        now: closedAt,
      },
      ...{ stopped_at: null, policy_hash: 'sha256:1', simulated: false },
    },
    totals: someTotals(),
    lateBatches: 0,
    holding: { kind: 'alert', confirmed: [] },
    waiting: 0,
    heldEvents: [],
    contexts: new Map(),
    unknowns: [],
    ...difference,
  };
}

export function someTotals(
  { unknown, partial } = { unknown: 0, partial: 0 },
  unknownsChanged = false,
): ClosingFacts['totals'] {
  return {
    verdicts: { pass: 10 - unknown, fail: 0, waived: 0, unknown },
    coverage: { tracked: 10, audited: 10 - unknown, unknown, partial },
    unknownHash: null,
    unknownsChanged,
  };
}
