import { expect, test } from 'vitest';
import { renderProgress } from '../../../src/http/pages/sweep/progress-panel.tsx';
import type { ShownSweep } from '../../../src/http/pages/sweep/read-sweep.ts';
import { aSweep } from '../../report/world.ts';

const openedAt = new Date('2026-11-29T07:30:00Z');
const now = new Date('2026-11-29T07:40:00Z');
const later = new Date('2026-11-29T15:30:00Z');

/** A sweep of 400 keys that has run for ten minutes. */
function render(difference: Partial<ShownSweep>): string {
  const { simulated: _, ...sweep } = aSweep();
  return renderProgress(
    {
      ...{ ...sweep, openedAt, simulated: false, status: 'open', deadlineAt: later },
      ...{ stoppedAt: null, held: null, refusedSources: [], leaf: null, requests: [], changes: [] },
      coverage: { tracked: 400, audited: 100, unknown: 0, partial: 0 },
      verdicts: { pass: 100, fail: 0, waived: 0, unknown: 0 },
      ...{ pending: 300, batches: 4, rounds: 4, soFar: { unknown: 7, attempts: 21 }, waits: null },
      ...difference,
    },
    now,
  );
}

test('a running sweep says how far it is, how fast, and how long it will take', () => {
  const html = render({});
  expect(html).toContain('100 of 400 keys judged (25 %)');
  expect(html).toContain('<dt>Runs for</dt><dd>10 min 0 s</dd>');
  expect(html).toContain('<dt>Unknown so far</dt><dd>7</dd>');
  expect(html).toContain('<dt>Failed attempts</dt><dd>21</dd>');
  expect(html).toContain('<dt>Rate</dt><dd>10 keys a minute</dd>');
  expect(html).toContain('<dt>Time left</dt><dd>about 30 min 0 s</dd>');
  expect(html).toContain('datetime="2026-11-29T15:30:00.000Z"');
});

test('nobody knows how long a sweep will take that has judged no key', () => {
  expect(render({ pending: 400 })).toContain('<dt>Time left</dt><dd>not known yet</dd>');
});

test('a running sweep says which source pauses it, and which keys are asked again', () => {
  const away = { source: 'prod', until: later, inMs: 90_000, probeInMs: 1_000 };
  const askedAgain = { keys: 2, inMs: 5_000, keyId: 'k', reason: 'timeout', detail: 'in 10 s' };
  const waits = { away: [{ ...away, pastDeadline: true }], askedAgain } as never;
  const html = render({ waits });
  expect(html).toContain('<bdi>prod</bdi> asked us to stay away for 1 min 30 s');
  expect(html).toContain('longer than this sweep may take');
  expect(html).toContain('Asked again in 5 s: 2 keys');
  expect(html).toContain('<bdi>timeout, in 10 s</bdi>');
});
