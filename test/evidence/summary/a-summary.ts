import { hashWaiver } from '../../../src/evaluate/waivers/compile-waivers.ts';
import type { WaivedKey } from '../../../src/evaluate/waivers/hash-approved.ts';
import { waiverSchema } from '../../../src/evaluate/waivers/waiver.ts';
import type { FindingChange, SweepChanges } from '../../../src/evidence/changes.ts';
import { parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import type { NumberedLeaf } from '../../../src/evidence/leaves/numbered-leaf.ts';
import { nameObject } from '../../../src/evidence/manifest.ts';
import { type SummaryInput, summarise } from '../../../src/evidence/summary/summarise.ts';
import { day, Installation } from '../verify/installation.ts';
import { nightAt, start } from '../verify/scenes.ts';

export const policy = `version: 1
rules:
  - { id: stale, type: stale, after: 90d, severity: high, controls: ["CC6.2", "PCI 7.2.5.1"], warnBefore: 7d }
  - { id: broad, type: over-scoped, severity: low, controls: ["CC6.2"] }
  - { id: named, type: naming, pattern: ".*", severity: low }
`;

export const period = { from: start, to: new Date(start.getTime() + 10 * day) };

/** A change of a finding of the night with this number. */
export function changeOf(
  night: number,
  kind: FindingChange['kind'],
  more: Partial<FindingChange> = {},
): FindingChange {
  const at = nightAt(night).getTime();
  const finding = (more.keyId ?? 'key_1') + (more.rule ?? 'stale');
  return {
    ...{ finding: nameObject(finding), source: 'main', keyId: 'key_1', rule: 'stale' },
    ...{ type: 'stale', severity: 'high', controls: ['CC6.2', 'PCI 7.2.5.1'] },
    ...{ kind, resolution: kind === 'resolved' ? 'fixed' : null, since: at, at, ...more },
  };
}

/** An installation whose sweeps judge by `policy`, with what each of its nights changed. */
export class Kept {
  readonly home = new Installation().begin(start);
  readonly changes = new Map<number, SweepChanges>();

  night(
    index: number,
    events: FindingChange[] = [],
    standing: SweepChanges['standing'] = [],
  ): number {
    const leaf = this.home.sweep({ dueAt: nightAt(index), policy });
    const { sweep } = this.home.sweeps.at(-1)!;
    this.changes.set(leaf, { sweep, events, standing });
    return leaf;
  }

  summary(more: Partial<SummaryInput> = {}) {
    const { leaves, origin, uuid } = this.home;
    const numbered = leaves.map((bytes, n): NumberedLeaf => {
      const leaf = parseLeaf(bytes.toString());
      return { n, at: new Date(leaf.event.at), ...leaf };
    });
    return summarise({
      info: {
        ...{ from: period.from.toISOString(), to: period.to.toISOString(), size: leaves.length },
        ...{ origin, installation: uuid, keysweep: '0.1.0', timezones: '2026a' },
      },
      leaves: numbered,
      changes: this.changes,
      policies: new Map([[nameObject(policy), policy]]),
      ...more,
    });
  }
}

const writtenWaiver = {
  ...{ id: 'w1', rule: 'stale', reason: 'migration', requestedBy: 'bob', approvedBy: ['ann'] },
  expires: '2026-02-28',
};

/** The policy with a waiver for these keys, which the log calls `aWaiver`. */
export function policyWaiving(keys: readonly WaivedKey[], more: object = {}): string {
  return `${policy}waivers: ${JSON.stringify([{ ...writtenWaiver, keys, ...more }])}\n`;
}

/** What the log says of it; `expires` is left out. */
export const aWaiver = {
  ...({ event: 'waiver-set', waiver: 'w1', rule: 'stale', match: null } as const),
  hash: hashWaiver(waiverSchema.parse(writtenWaiver)),
  ...{ keys: 2, requestedBy: 'bob', approvedBy: ['ann'], reason: 'migration' },
};

const review = '6f0a3c9e-7f43-4e9b-9d3d-3a1f0c9be222';
const ann = {
  ...{ by: 'ann', known: 'oidc', asserted: null, subject: 's', mail: 'ann@acme.example' },
  sentTo: null,
};

/** What the log says of a campaign of this many keys, which opens with the log. */
export function reviewOf(keys: number) {
  const at = start.toISOString();
  const campaign = { event: 'reviewed', review } as const;
  const ended = (answers: Partial<typeof noAnswers>) => ({
    ...{ ...campaign, person: ann, reason: 'looked at', answers: { ...noAnswers, ...answers } },
  });
  return {
    opened: {
      ...{ ...campaign, dueAt: at, openedAt: at, answerBy: nightAt(9).toISOString(), keys },
      ...({ what: 'opened', name: 'quarterly', trigger: 'schedule', person: null } as const),
    },
    decided: { ...campaign, what: 'decided' as const, keys, person: ann },
    closed: (answers: Partial<typeof noAnswers>) => ({
      ...ended(answers),
      what: 'closed' as const,
    }),
    signedOff: () => ({ ...ended({}), what: 'signed-off' as const }),
  };
}

const noAnswers = { keep: 0, reduce: 0, revoke: 0, 'not-mine': 0, unanswered: 0 };

/** This many days after the log began. */
export function daysIn(days: number): Date {
  return new Date(start.getTime() + days * day);
}
