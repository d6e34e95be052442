import { expect, test } from 'vitest';
import type { FindingsChanged } from '../../../src/alert/message.ts';
import { type FormatName, formats } from '../../../src/alert/render/index.ts';
import { encodeCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { encodeNote, parseNote, signNote, verifyNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { longestTold, tellCheckpoint } from '../../../src/evidence/log/told-checkpoint.ts';
import { aCoverage, anEvent, aSweep } from '../a-finding.ts';
import { aDestination } from '../an-alerting.ts';
import { slackRefusal } from '../channels/imitate-slack.ts';
import { teamsRefusal } from '../channels/imitate-teams.ts';
import { planAll } from '../plan/plan-all.ts';
import { changed, notices } from './messages.ts';
import { ordinaryFindings } from './ordinary-findings.ts';

const at = new Date('2026-11-23T02:31:00Z');
const origin = 'keysweep/acme';
const key = signingKeyOf(origin, 1, Buffer.alloc(32, 3));
const witness = signingKeyOf('witness.example', 4, Buffer.alloc(32, 4));
const text = encodeCheckpoint({ origin, size: 8_000, root: Buffer.alloc(32, 1), extensions: [] });
const cosigned = encodeNote({
  text,
  signatures: [signNote(text, key), signNote(text, witness, 1_796_000_000)],
});
const checkpoint = tellCheckpoint(cosigned);

test('what is told is signed by the log, and leaves cosignatures out', () => {
  const note = parseNote(checkpoint);
  expect(note.text).toBe(text);
  expect(verifyNote(note, [key.verifier, witness.verifier]).map(({ key: by }) => by.name)).toEqual([
    origin,
  ]);
});

test.each([origin, 'ü'.repeat(100)])(
  'no told checkpoint of %s is longer than is planned for',
  (name) => {
    const own = signingKeyOf(name, 1, Buffer.alloc(32, 3));
    const size = Number.MAX_SAFE_INTEGER;
    const longest = encodeCheckpoint({
      origin: name,
      size,
      root: Buffer.alloc(32),
      extensions: [],
    });
    const note = encodeNote({ text: longest, signatures: [signNote(longest, own)] });
    expect(tellCheckpoint(note)).toHaveLength(longestTold(name).length);
  },
);

const messages = [changed({ opened: ordinaryFindings(1) }), ...notices('a text')];

/** Each string in a body, however deep. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

test.each(['json', 'slack', 'email'] as const)('a message in %s holds it whole', (name) => {
  for (const message of messages) {
    const { body } = formats[name].render(message, at, checkpoint);
    expect(stringsOf(JSON.parse(body)).some((one) => one.includes(checkpoint))).toBe(true);
  }
});

test('a card in Teams holds it line by line', () => {
  for (const message of messages) {
    const { body } = formats.teams.render(message, at, checkpoint);
    const lines = checkpoint
      .trimEnd()
      .split('\n')
      .map((line) => line || ' ');
    for (const line of lines) expect(stringsOf(JSON.parse(body))).toContain(line);
  }
});

test('an incident in PagerDuty holds it whole', () => {
  const { body } = formats.pagerduty.render(
    changed({ opened: ordinaryFindings(1) }),
    at,
    checkpoint,
  );
  expect(JSON.parse(body).payload.custom_details.evidenceCheckpoint).toBe(checkpoint);
});

test.each(Object.keys(formats) as FormatName[])('without one, %s says nothing of it', (name) => {
  for (const message of messages) {
    expect(formats[name].render(message, at).body).not.toMatch(/checkpoint/i);
  }
});

test.each([
  ['slack', slackRefusal],
  ['teams', teamsRefusal],
] as const)('parts for %s leave room for it', (channel, refusal) => {
  const destinations = aDestination([channel], {
    formats: new Map([[channel, channel]]),
    longestCheckpoint: longestTold(origin),
  });
  const events = ordinaryFindings(300).map((finding, n) => anEvent('opened', n, { finding }));
  const terms = { sweep: aSweep, coverage: aCoverage, destinations, at };
  const parts = planAll(terms, events).alerts.map((alert) => {
    const { body, fits } = formats[channel].render(alert, at, longestTold(origin));
    return [fits, refusal(body), (alert.data as FindingsChanged).opened.length > 0];
  });
  expect(parts.length).toBeGreaterThan(3);
  expect(new Set(parts.map((part) => JSON.stringify(part)))).toEqual(
    new Set([JSON.stringify([true, undefined, true])]),
  );
});
