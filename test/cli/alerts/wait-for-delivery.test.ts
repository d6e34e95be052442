import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { waitForDelivery } from '../../../src/cli/alerts/wait-for-delivery.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import type { AlertOutcome, ListedAlert } from '../../../src/report/alerts-model.ts';
import { nobody } from '../run.ts';

const nothing: AlertOutcome = { delivered: 0, failed: 0, pending: 0, soon: 0, left: [] };
const alert = {
  id: 'a1',
  channel: 'siem',
  state: 'pending',
  detail: 'answered 503',
  nextAt: new Date('2026-11-23T02:30:00Z'),
} as ListedAlert;

/** Waits `mostMs` at most for one alert, whose outcomes are these, one a look; the last one stays. */
async function wait(mostMs: number, ...outcomes: readonly AlertOutcome[]) {
  const stderr = new PassThrough({ encoding: 'utf8' });
  const { signal } = new AbortController();
  const stdout = new PassThrough();
  const terminal: Terminal = { env: {}, cwd: '/', stdin: nobody, stdout, stderr, signal };
  let looks = 0;
  const outcome = async () => {
    looks += 1;
    return outcomes[looks - 1] ?? outcomes.at(-1) ?? nothing;
  };
  const options = { quiet: false, goesOn: 'on the server' };
  const code = await waitForDelivery(terminal, { outcome }, ['a1'], options, mostMs);
  return { code, looks, said: stderr.read() };
}

test('what is not delivered in the time for it is named, with the next attempt', async () => {
  const waiting = { ...nothing, pending: 1, soon: 1, left: [alert] };
  const { code, said, looks } = await wait(200, waiting);
  expect(said).toMatch(
    /^1 alert is not delivered yet\n {2}siem \(a1\): answered 503; due 2026-11-23 02:30:00Z\n$/,
  );
  expect(code).toBe(0);
  expect(looks).toBeGreaterThan(1);
});

test('ends as soon as all is delivered', async () => {
  const waiting = { ...nothing, pending: 1, soon: 1, left: [alert] };
  const ended = await wait(60_000, waiting, { ...nothing, delivered: 1 });
  expect(ended).toEqual({ code: 0, looks: 2, said: 'delivered 1 alert\n' });
});

test('does not wait for an attempt that is due later than that', async () => {
  const later = { ...nothing, pending: 1, left: [alert] };
  expect(await wait(60_000, later)).toMatchObject({ code: 0, looks: 1 });
});
