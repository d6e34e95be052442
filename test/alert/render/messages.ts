import type { AlertUnknown, Message } from '../../../src/alert/message.ts';
import { aCoverage, aMissed, aSweep } from '../a-finding.ts';

type ChangesOf = Extract<Message, { readonly type: 'findings.changed' }>['data'];

/** Changes that hold nothing but what the test states. */
export function changed(difference: Partial<ChangesOf> = {}): Message {
  const none = { opened: [], reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  const data = { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1, ...none, ...difference };
  return { type: 'findings.changed', data };
}

export const anIncomplete = (
  unknowns: readonly Omit<AlertUnknown, 'rule'>[],
  omitted = 0,
): Message => ({
  type: 'sweep.incomplete',
  data: {
    sweep: aSweep,
    coverage: aCoverage,
    unknowns: unknowns.map((one) => ({ rule: null, ...one })),
    omitted,
  },
});

/** One of each other type; `text` stands wherever a text may come from outside. */
export function notices(text: string): readonly Message[] {
  const turned = { pass: 1, fail: 2, waived: 3, unknown: 4, missing: 5, left: 6 };
  return [
    { type: 'sweep.missed', data: { ...aMissed, schedule: text } },
    {
      type: 'sweep.anomaly',
      data: {
        sweep: { ...aSweep, schedule: text },
        coverage: aCoverage,
        compared: 415,
        changed: 400,
        turned,
        cause: 'one-rule',
        detail: text,
        held: 400,
        release: 'keysweep alerts release sweep-1',
      },
    },
    {
      type: 'sweep.recovered',
      data: { sweep: aSweep, coverage: aCoverage, anomaly: text, how: 'withdrawn', withdrawn: 1 },
    },
    {
      type: 'config.rejected',
      data: { kind: 'policy', files: [text], mistakes: [text, text], omitted: 3 },
    },
    {
      type: 'inventory.held',
      data: {
        files: [text, text],
        store: text,
        tracked: 415,
        kept: 0,
        listed: 1,
        accept: 'keysweep sweep --replace-inventory',
      },
    },
    {
      type: 'channel.failed',
      data: { channel: text, alert: { id: 'alert-1', type: 'test' }, attempts: 3, detail: text },
    },
    { type: 'test', data: { channel: text } },
  ];
}
