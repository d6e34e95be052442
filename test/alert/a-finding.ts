import type { AlertFinding, AlertSweep, SweepMissed } from '../../src/alert/message.ts';
import type { PendingEvent } from '../../src/alert/plan/pending-event.ts';
import type { Coverage } from '../../src/keys/coverage.ts';

export const aSweep: AlertSweep = {
  id: 'sweep-1',
  trigger: 'schedule',
  schedule: 'nightly',
  scope: 'full',
  status: 'complete',
};

export const aCoverage: Coverage = { tracked: 415, audited: 412, unknown: 3, partial: 1 };

export const aMissed: SweepMissed = {
  schedule: 'nightly',
  count: 3,
  firstDueAt: '2026-11-21T02:30:00.000Z',
  lastDueAt: '2026-11-23T02:30:00.000Z',
};

/** The ordinary finding; a test states the difference. */
export function aFinding(difference: Partial<AlertFinding> = {}): AlertFinding {
  return {
    fingerprint: 'f-1',
    rule: 'stale-45',
    type: 'stale',
    severity: 'high',
    status: 'open',
    resolution: null,
    source: 'flexcharge-prod',
    keyId: 'key_1',
    message: 'not used for 61 days; the limit is 45 days',
    facts: { idleDays: 61, allowedDays: 45 },
    controls: ['CIS AWS 4.0 1.12'],
    waiver: null,
    lapse: null,
    acknowledgement: null,
    firstSeen: '2026-11-01T02:30:00.000Z',
    keyName: 'checkout',
    keyType: 'secret',
    lastFour: '7dc0',
    owner: 'payments',
    environment: 'production',
    lastUsed: '2026-09-23T10:00:00.000Z',
    scopes: ['charges:write'],
    remedy: 'Ask the owner.',
    command: 'keysweep audit key_1 --source flexcharge-prod',
    link: null,
    ...difference,
  };
}

/** An untold event of the finding `f-<n>`. */
export function anEvent(
  kind: PendingEvent['kind'],
  n: number,
  difference: Partial<Omit<PendingEvent, 'finding'>> & { finding?: Partial<AlertFinding> } = {},
): PendingEvent {
  const { finding, ...rest } = difference;
  return {
    id: `${kind}-${n}`,
    kind,
    was: null,
    findingRow: n,
    single: false,
    tags: [],
    scopes: ['customers:read'],
    openedTo: [],
    ...rest,
    finding: aFinding({ fingerprint: `f-${n}`, keyId: `key_${n}`, ...finding }),
  };
}
